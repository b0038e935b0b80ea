using System.Diagnostics;
using Xunit;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 6: what <c>RequestTimeout</c> and a lost snapshot acknowledgement do.</summary>
public sealed class Fact06Tests
{
    private static readonly TimeSpan longTimeout = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Fact06_Silent_cut_is_over_soon_when_the_request_timeout_is_the_lower_election_timeout()
    {
        await using var cluster = await TestCluster.StartAsync(3);

        Assert.InRange(await FailoverAsync(cluster), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Fact06_Silent_cut_lasts_at_least_as_long_as_a_longer_request_timeout()
    {
        await using var cluster = await TestCluster.StartAsync(3, new ClusterSetup { RequestTimeout = longTimeout });

        await Assert.ThrowsAsync<TimeoutException>(() => FailoverAsync(cluster, longTimeout / 2));
    }

    [Fact]
    public async Task Fact06_Lost_acknowledgement_of_a_snapshot_holds_a_follower_back_until_a_newer_one()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var leader = await cluster.LeaderAsync();
        await leader.ReplicateAsync("first");
        var follower = cluster.Others(leader)[0];
        await follower.StopAsync();
        for (var i = 0; i < 5; i++)
            await leader.ReplicateAsync($"missed-{i}");
        var snapshot = leader.Machine.Publish(leader.Applied, await leader.Log.LastTermAsync());
        await leader.ReplicateAsync("with the next commit what is before the snapshot goes");

        var installed = 0;
        await follower.StartAsync(cluster.Addresses);
        follower.Machine.Applying = index => CutLinkOnce(index == snapshot.Index, cluster, leader, follower, ref installed);
        await Wait.UntilAsync(() => follower.Applied >= snapshot.Index, "the follower to install the snapshot");
        await leader.ReplicateAsync("after");
        cluster.Links.Mend();
        for (var i = 0; i < 40; i++)
            await leader.ReplicateAsync($"more-{i}");
        await Wait.UntilAsync(() => cluster.Others(leader, follower)[0].Machine.Payloads.Contains("more-39"), "the other follower to follow");
        Assert.True(leader.Leads);
        Assert.Equal(1, installed);
        Assert.Equal(snapshot.Index, follower.Log.LastEntryIndex);

        leader.Machine.Publish(leader.Applied, await leader.Log.LastTermAsync());
        await Wait.UntilAsync(() => follower.Machine.Payloads.Contains("more-39"), "the follower to come back by a newer snapshot");
    }

    private static async Task<TimeSpan> FailoverAsync(TestCluster cluster, TimeSpan? limit = null)
    {
        var old = await cluster.LeaderAsync();
        await old.ReplicateAsync("before");
        var since = Stopwatch.GetTimestamp();
        cluster.Isolate(old);
        await Wait.UntilAsync(() => cluster.Others(old).Any(node => node.Leads), "a new leader", limit);
        return Stopwatch.GetElapsedTime(since);
    }

    private static void CutLinkOnce(bool isSnapshot, TestCluster cluster, TestNode leader, TestNode follower, ref int installed)
    {
        if (!isSnapshot)
            return;
        if (Interlocked.Increment(ref installed) == 1)
            cluster.Links.CutOneWay(leader.Address, follower.Address);
    }
}
