using System.Collections.Concurrent;
using System.Net;
using Membership.Cluster.Tests.Hosting;
using Membership.Replication;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

public sealed class ClockTests(ITestOutputHelper output)
{
    private const double YearMinutes = 365 * 24 * 60;

    [Theory]
    [InlineData(YearMinutes)]
    [InlineData(-10)]
    public async Task A_leader_whose_clock_is_set_gives_up_leadership_and_cluster_time_is_not_moved_by_it(double minutes)
    {
        await using var group = new ReplicaGroup(output, 3) { Configure = options => options.ClockEntryPeriodMs = 100 };
        await group.StartAllAsync();
        var wrong = await group.LeaderAsync();
        Assert.True((await wrong.RegisterAsync()).IsOk);
        var times = new ClusterTimes(group.Running.First(replica => replica != wrong));
        var id = wrong.Status.ReplicaId;
        group.Clocks[id].Offset = TimeSpan.FromMinutes(minutes);
        await Wait.UntilAsync(() => wrong.Status is { HasClockSkew: true, Role: not ReplicaRole.Leader }, "the wrong clock to be noticed");
        var health = await HealthTests.ReadyAsync(wrong);
        Assert.NotEqual(HealthStatus.Healthy, health.Status);
        Assert.Contains("set it by NTP", (string)health.Data["clock_agrees"], StringComparison.Ordinal);

        await Wait.UntilAsync(() => group.Running.Any(replica => replica != wrong && replica.Status.Role == ReplicaRole.Leader), "a right clock to lead");
        var leader = group.Running.First(replica => replica.Status.Role == ReplicaRole.Leader);
        Assert.False(leader.Status.HasClockSkew);
        Assert.True((await wrong.RegisterAsync()).IsOk);
        var since = leader.Status.ClusterTime;
        await Wait.UntilAsync(() => leader.Status.ClusterTime > since + 500, "cluster time to go on");
        times.AssertRight();

        group.Clocks[id].Offset = TimeSpan.Zero;
        await Wait.UntilAsync(() => wrong.Status is { HasClockSkew: false, Role: ReplicaRole.Follower }, "the right clock to be noticed");
    }

    [Fact]
    public async Task A_clock_that_is_set_just_before_the_election_moves_nothing()
    {
        // Elections are over before the clocks are compared again, and the new leader writes the time at once.
        await using var group = new ReplicaGroup(output, 3)
        {
            Configure = options => (options.ClockEntryPeriodMs, options.ElectionTimeoutMinMs, options.ElectionTimeoutMaxMs) = (10, 200, 400),
        };
        await group.StartAllAsync();
        var leader = (await group.LeaderAsync()).Status.ReplicaId;
        Assert.True((await group[leader].RegisterAsync()).IsOk);
        var (next, other) = leader == "r1" ? ("r2", "r3") : ("r1", leader == "r2" ? "r3" : "r2");
        var times = new ClusterTimes(group[other]);
        group.Clocks[next].Offset = TimeSpan.FromMinutes(YearMinutes);
        await group.StopAsync(leader);
        await Wait.UntilAsync(() => group[next].Status is { HasClockSkew: true, Role: not ReplicaRole.Leader }, "the wrong clock to be noticed");

        // Two clocks alone are no majority, whichever is right.
        await group.StartAsync(leader);
        await Wait.UntilAsync(() => group.Running.Any(replica => replica.Status is { Role: ReplicaRole.Leader, HasClockSkew: false }), "a right clock to lead");
        Assert.True((await group[next].RegisterAsync()).IsOk);
        times.AssertRight();
    }

    [Fact]
    public async Task A_replica_without_a_vote_does_not_count()
    {
        await using var group = new ReplicaGroup(output, 4);
        group.Configure = options => options.Replicas.RemoveAt(3);
        foreach (var id in new[] { "r1", "r2", "r3" }) await group.StartAsync(id);
        Assert.True((await (await group.LeaderAsync()).RegisterAsync()).IsOk);
        foreach (var id in new[] { "r1", "r2", "r3" }) await group.StopAsync(id);
        group.Configure = null;

        // Two clocks of four are wrong alike, and one of the two has no vote.
        group.Clocks["r1"].Offset = group.Clocks["r4"].Offset = TimeSpan.FromHours(1);
        foreach (var id in new[] { "r1", "r2", "r3", "r4" }) await group.StartAsync(id, bootstrap: false);
        Assert.Equal(ReplicaRole.Standby, group["r4"].Status.Role);
        await Wait.UntilAsync(() => group["r1"].Status.HasClockSkew, "the wrong clock to be noticed");
        await Wait.UntilAsync(() => group["r2"].Status.Role == ReplicaRole.Leader || group["r3"].Status.Role == ReplicaRole.Leader, "a right clock to lead");
        Assert.NotEqual(ReplicaRole.Leader, group["r1"].Status.Role);
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

    /// <summary>The cluster time of every state that a replica came to.</summary>
    private sealed class ClusterTimes
    {
        private readonly ConcurrentQueue<(long ClusterTime, long TrueTime)> _seen = [];

        public ClusterTimes(MembershipReplica replica) =>
            replica.Applied += _ => _seen.Enqueue((replica.Status.ClusterTime, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));

        public void AssertRight()
        {
            Assert.NotEmpty(_seen);
            Assert.All(_seen, time => Assert.InRange(time.ClusterTime, time.TrueTime - 60_000, time.TrueTime + 1_000));
        }
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
