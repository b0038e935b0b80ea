using Xunit;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 12: a wiped node under its old endpoint has forgotten what it acknowledged.</summary>
public sealed class Fact12Tests
{
    [Fact]
    public async Task Fact12_Wiped_voter_helps_to_elect_a_leader_that_lacks_an_acknowledged_entry()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var leader = await cluster.LeaderAsync();
        await leader.ReplicateAsync("known to all");
        var wiped = cluster.Others(leader)[0];
        var behind = cluster.Others(leader, wiped)[0];
        await Wait.UntilAsync(() => behind.Machine.Payloads.Contains("known to all"), "all to apply");
        await behind.StopAsync();
        await leader.ReplicateAsync("acknowledged");
        await leader.StopAsync();
        await wiped.StopAsync();

        Directory.Delete(wiped.Folder, recursive: true);
        await wiped.StartAsync(cluster.Addresses);
        await behind.StartAsync(cluster.Addresses);
        var next = await cluster.LeaderAsync();
        await next.ReplicateAsync("after");

        Assert.DoesNotContain("acknowledged", next.Machine.Payloads);
    }
}
