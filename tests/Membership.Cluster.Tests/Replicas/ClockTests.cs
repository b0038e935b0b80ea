using System.Net;
using Membership.Replication;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

public sealed class ClockTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_leader_whose_clock_goes_wrong_gives_up_leadership_and_cluster_time_stays_right()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var wrong = await group.LeaderAsync();
        Assert.True((await wrong.RegisterAsync()).IsOk);
        var id = wrong.Status.ReplicaId;
        group.Clocks[id].Offset = TimeSpan.FromHours(1);
        await Wait.UntilAsync(() => wrong.Status is { HasClockSkew: true, Role: not ReplicaRole.Leader }, "the wrong clock to be noticed");

        var leader = await group.LeaderAsync();
        Assert.NotEqual(wrong, leader);
        Assert.True((await wrong.RegisterAsync()).IsOk);
        Assert.InRange(leader.Status.ClusterTime, 0, DateTimeOffset.UtcNow.AddSeconds(1).ToUnixTimeMilliseconds());
        Assert.False(leader.Status.HasClockSkew);

        group.Clocks[id].Offset = TimeSpan.Zero;
        await Wait.UntilAsync(() => wrong.Status is { HasClockSkew: false, Role: ReplicaRole.Follower }, "the right clock to be noticed");
    }

    [Fact]
    public async Task A_replica_that_starts_with_a_wrong_clock_never_leads()
    {
        await using var group = new ReplicaGroup(output, 3);
        group.Clocks["r1"].Offset = TimeSpan.FromSeconds(-10);
        await Task.WhenAll(group.StartAsync("r2"), group.StartAsync("r3"));
        await group.LeaderAsync();
        var wrong = await group.StartAsync("r1");
        await Wait.UntilAsync(() => wrong.Status.HasClockSkew, "the wrong clock to be noticed");
        await group.StopAsync((await group.LeaderAsync()).Status.ReplicaId);
        var other = group.Running.Single(replica => replica != wrong);
        await Wait.UntilAsync(() => other.Status.Role == ReplicaRole.Leader || other.Status.HasClockSkew, "the other one to decide");
        Assert.NotEqual(ReplicaRole.Leader, wrong.Status.Role);
    }

    [Fact]
    public async Task A_wrong_clock_moves_nothing_while_no_peer_tells_the_time()
    {
        await using var group = new ReplicaGroup(output, 3);
        group.Clocks["r1"].Offset = TimeSpan.FromHours(1);
        group.Configure = options =>
        {
            options.RequestLimitMs = 3_000;
            if (options.ReplicaId == "r1") MisplacePeers(options);
        };
        var wrong = await group.StartAsync("r1");
        var right = await group.StartAsync("r2");
        Assert.False((await wrong.RegisterAsync()).IsOk);

        await group.StartAsync("r3");
        await Wait.UntilAsync(() => group.Running.Any(replica => replica != wrong && replica.Status.Role == ReplicaRole.Leader), "a right clock to lead");
        Assert.True((await right.RegisterAsync()).IsOk);
        Assert.InRange(right.Status.ClusterTime, 1, DateTimeOffset.UtcNow.AddSeconds(1).ToUnixTimeMilliseconds());
    }

    // Raft reaches them, the peer channel does not.
    private static void MisplacePeers(MembershipReplicaOptions options)
    {
        for (var i = 0; i < options.Replicas.Count; i++)
        {
            if (options.Replicas[i].Id != options.ReplicaId)
                options.Replicas[i] = options.Replicas[i] with { PeerEndPoint = new IPEndPoint(IPAddress.Loopback, i + 1) };
        }
    }
}
