using Membership.Cluster.Tests.Hosting;
using Membership.Cluster.Tests.Replicas;
using Membership.Replication;
using Membership.Snapshots;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Divergence;

/// <summary>Replicas whose states come apart notice it at the next checkpoint, and the minority serves nothing until it is rebuilt.</summary>
public sealed class DivergenceTests(ITestOutputHelper output)
{
    private const int Entries = 20;

    [Fact]
    public async Task A_follower_that_diverged_is_rebuilt_from_another_replica()
    {
        await using var group = NewGroup();
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var follower = await group.FollowerAsync();
        var before = await RegisterAsync(leader, Entries);
        await group.AgreeAsync(leader.Status.Revision);
        await follower.SpoilAsync(with: 7);

        // Nothing tells before the next checkpoint, and from then on nothing is served until the state is a majority's again.
        var from = leader.Status.Revision + 1;
        var watching = WatchToItsEndAsync(follower, from);
        var seen = SeenAsync(follower);
        var after = await RegisterAsync(leader, 2 * Entries);
        var divergence = await seen;
        Assert.NotEqual(divergence.Expected, divergence.Own);
        await Wait.UntilAsync(() => follower.Status.Divergence is null, "the rebuilt state to be served");
        await group.AgreeAsync(leader.Status.Revision);
        await AssertHoldsAsync(group.Running, [.. before, .. after]);
        await watching;
        Assert.NotNull(follower.ReadEvents(from, 1, _ => true).OldestRevision);
        Assert.True((await follower.RegisterAsync()).IsOk);
        Assert.Equal(leader, await group.LeaderAsync());
        Assert.False(follower.Fault.IsCompleted);
        AssertEvidence(group, follower, divergence);
    }

    [Fact]
    public async Task A_leader_that_diverged_gives_up_leadership_and_neither_follower_takes_itself_for_wrong()
    {
        await using var group = NewGroup();
        await group.StartAllAsync();
        var wrong = await group.LeaderAsync();
        var followers = group.Running.Where(replica => replica != wrong).ToArray();
        var before = await RegisterAsync(wrong, Entries);
        await wrong.SpoilAsync(with: 7);
        var seen = SeenAsync(wrong);
        var after = await RegisterAsync(followers[0], 2 * Entries);

        var divergence = await seen;
        await Wait.UntilAsync(() => followers.Any(replica => replica.Status.Role == ReplicaRole.Leader), "another leader");
        await Wait.UntilAsync(() => group.Running.All(replica => replica.Status.Divergence is null), "all states to be served");
        await group.AgreeAsync(followers[0].Status.Revision);
        await AssertHoldsAsync(group.Running, [.. before, .. after]);
        AssertEvidence(group, wrong, divergence);
        foreach (var follower in followers)
            Assert.False(Directory.Exists(Path.Combine(group.FolderOf(follower.Status.ReplicaId), "evidence")), "a right replica was fenced");
    }

    [Fact]
    public async Task When_all_three_differ_nobody_serves()
    {
        await using var group = NewGroup();
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        await RegisterAsync(leader, Entries);
        await group.AgreeAsync(leader.Status.Revision);
        var with = 1;
        foreach (var replica in group.Running) await replica.SpoilAsync(with++);
        var lost = Task.Run(() => RegisterAsync(leader, 2 * Entries));
        await Wait.UntilAsync(() => group.Running.All(r => r.Status.Divergence?.Stage == DivergenceStage.Split), "all to see that nobody is right");
        await lost;

        foreach (var replica in group.Running) await AssertServesNothingAsync(replica);
        await Wait.UntilAsync(() => group.Running.All(replica => replica.Status.Role != ReplicaRole.Leader), "the leader to give up");

        // Nor after a restart.
        await group.StopAsync("r1");
        var again = await group.StartAsync("r1");
        Assert.Equal(DivergenceStage.Split, again.Status.Divergence?.Stage);
        await AssertServesNothingAsync(again);
    }

    [Fact]
    public async Task Without_another_replica_it_stays_fenced_over_a_restart_and_says_so()
    {
        await using var group = NewGroup();
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var wrong = await group.FollowerAsync();
        var id = wrong.Status.ReplicaId;
        var others = group.Running.Where(replica => replica != wrong).Select(replica => replica.Status.ReplicaId).ToArray();
        var before = await RegisterAsync(leader, Entries);
        await group.AgreeAsync(leader.Status.Revision);
        await wrong.SpoilAsync(with: 7);

        // Nobody offers a snapshot while the others' states are in doubt; the doubt is of this test's making.
        wrong.Engine.Fence.Close(new(DivergenceStage.Diverged, wrong.Engine.Store.Current.AppliedIndex, wrong.Status.Digest, leader.Status.Digest));
        await Task.WhenAll(others.Select(group.StopAsync));
        await Wait.UntilAsync(() => wrong.Status.Divergence is { Stage: DivergenceStage.Diverged, Obstacle: not null }, "the obstacle to be named");
        await AssertServesNothingAsync(wrong);

        await group.StopAsync(id);
        wrong = await group.StartAsync(id);
        Assert.Equal(DivergenceStage.Diverged, wrong.Status.Divergence?.Stage);
        await AssertServesNothingAsync(wrong);

        await Task.WhenAll(others.Select(other => group.StartAsync(other)));
        await Wait.UntilAsync(() => wrong.Status.Divergence is null, "the rebuilt state to be served", TimeSpan.FromSeconds(30));
        var after = await RegisterAsync(wrong, 1);
        await group.AgreeAsync(wrong.Status.Revision);
        await AssertHoldsAsync(group.Running, [.. before, .. after]);

        // For good.
        await group.StopAsync(id);
        wrong = await group.StartAsync(id);
        Assert.Null(wrong.Status.Divergence);
    }

    [Fact]
    public async Task Of_two_replicas_that_differ_neither_serves_until_a_third_one_decides()
    {
        await using var group = NewGroup();
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var away = (await group.FollowerAsync()).Status.ReplicaId;
        var other = group.Running.Single(replica => replica != leader && replica.Status.ReplicaId != away);
        var before = await RegisterAsync(leader, Entries);
        await group.AgreeAsync(leader.Status.Revision);
        await group.StopAsync(away);
        await other.SpoilAsync(with: 7);
        var lost = Task.Run(() => RegisterAsync(leader, 2 * Entries));
        await Wait.UntilAsync(
            () => new[] { leader, other }.All(replica => replica.Status.Divergence?.Stage == DivergenceStage.Comparing), "both to doubt their states");
        await lost;
        await AssertServesNothingAsync(leader);
        await AssertServesNothingAsync(other);
        var refusal = await Assert.ThrowsAsync<ClusterChangeException>(() => leader.TransferLeadershipAsync(other.Status.ReplicaId));
        Assert.Equal(Code.ReplicaNotReady, refusal.Code);

        await group.StartAsync(away);
        await Wait.UntilAsync(() => group.Running.All(replica => replica.Status.Divergence is null), "all states to be served", TimeSpan.FromSeconds(30));
        await AssertHoldsAsync(group.Running, before);
        Assert.True(Directory.Exists(Path.Combine(group.FolderOf(other.Status.ReplicaId), "evidence")));
        Assert.False(Directory.Exists(Path.Combine(group.FolderOf(leader.Status.ReplicaId), "evidence")));
    }

    [Fact]
    public async Task A_quiet_cluster_is_compared_after_a_while_too()
    {
        await using var group = NewGroup(options => (options.CheckpointEntries, options.CheckpointPeriodMs, options.ClockEntryPeriodMs) = (1 << 20, 500, 500));
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var follower = await group.FollowerAsync();
        var seen = SeenAsync(follower);
        await RegisterAsync(leader, 1);
        await group.AgreeAsync(leader.Status.Revision);
        await follower.SpoilAsync(with: 7);
        await RegisterAsync(leader, 1);
        await seen;
        await Wait.UntilAsync(() => follower.Status.Divergence is null, "the rebuilt state to be served");
    }

    [Fact]
    public async Task A_lone_replica_makes_checkpoints_and_believes_itself()
    {
        await using var group = NewGroup(count: 1);
        var replica = await group.StartAsync("r1");
        await group.LeaderAsync();
        await RegisterAsync(replica, 3 * Entries);
        await Wait.UntilAsync(() => replica.Engine.Checkpoints.Own.Count > 0, "a checkpoint");
        Assert.Null(replica.Status.Divergence);
    }

    private ReplicaGroup NewGroup(Action<MembershipReplicaOptions>? configure = null, int count = 3) => new(output, count)
    {
        Configure = options =>
        {
            options.CheckpointEntries = Entries / 2;
            options.SnapshotBytes = 64 << 10;
            configure?.Invoke(options);
        },
    };

    /// <summary>One entry each; who was acknowledged.</summary>
    private static async Task<List<NodeId>> RegisterAsync(MembershipReplica replica, int count)
    {
        var nodes = new List<NodeId>();
        for (var i = 0; i < count; i++)
        {
            var outcome = await replica.RegisterAsync();
            if (outcome.IsOk) nodes.Add(outcome.Results.Node);
        }

        return nodes;
    }

    /// <summary>Returns what a replica says once it knows that its state is not a majority's, and checks that it serves nothing then.</summary>
    private static async Task<ReplicaDivergence> SeenAsync(MembershipReplica replica)
    {
        ReplicaDivergence? seen = null;
        await Task.Run(() => Wait.UntilAsync(() => (seen = replica.Status.Divergence) is { Stage: DivergenceStage.Diverged }, "the divergence", TimeSpan.FromSeconds(30)));
        return seen!;
    }

    /// <summary>Returns when the watch has ended, as it must when the state is in doubt.</summary>
    private static async Task WatchToItsEndAsync(MembershipReplica replica, ulong from)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<ReplicaUnavailableException>(async () =>
        {
            await foreach (var item in replica.WatchAsync(from, token: limit.Token)) Assert.IsType<Membership.Replication.Watch.EventItem>(item);
        });
    }

    private static async Task AssertServesNothingAsync(MembershipReplica replica)
    {
        Assert.Throws<ReplicaUnavailableException>(() => replica.State);
        await Assert.ThrowsAsync<ReplicaUnavailableException>(() => replica.ReadAsync());
        Assert.Equal(Code.Unavailable, (await replica.RegisterAsync()).Code);
        Assert.Equal(Code.Unavailable, (await replica.OpenLane().ProposeAsync(Requests.Registration(), Actor.Admin())).Code);
        await Assert.ThrowsAsync<ReplicaUnavailableException>(() => replica.ReadSnapshotAsync(null, 0, 1));
        Assert.Throws<ReplicaUnavailableException>(() => replica.ReadEvents(1, 1, _ => true));
        await Assert.ThrowsAsync<ReplicaUnavailableException>(async () => await replica.WatchAsync(0).GetAsyncEnumerator().MoveNextAsync());
        Assert.Contains("diverged", (await replica.ClusterStatusAsync()).Single(report => report.Address.Id == replica.Status.ReplicaId).Health);
        var health = await HealthTests.ReadyAsync(replica);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.StartsWith($"not_fenced: {replica.Status.Divergence!.Message}", health.Description, StringComparison.Ordinal);
        Assert.Contains(replica.Status.Divergence.Own.ToString(), health.Description, StringComparison.Ordinal);
    }

    private static async Task AssertHoldsAsync(IEnumerable<MembershipReplica> replicas, List<NodeId> nodes)
    {
        foreach (var replica in replicas)
        {
            var state = await replica.ReadAsync();
            Assert.All(nodes, node => Assert.True(state.Tables.Nodes.ContainsKey(node), $"{replica.Status.ReplicaId} lacks {node}"));
            Assert.False(state.IsSpoilt());
        }
    }

    private static void AssertEvidence(ReplicaGroup group, MembershipReplica replica, ReplicaDivergence divergence)
    {
        var folder = Assert.Single(Directory.GetDirectories(Path.Combine(group.FolderOf(replica.Status.ReplicaId), "evidence")));
        Assert.Equal($"{divergence.Index:D20}", Path.GetFileName(folder));
        using var stream = File.OpenRead(Path.Combine(folder, "diverged.snapshot"));
        Assert.True(SnapshotReader.Read(stream).IsSpoilt());
        Assert.Contains(divergence.Own.ToString(), File.ReadAllText(Path.Combine(folder, "divergence.json")), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(group.FolderOf(replica.Status.ReplicaId), "diverged")));
    }
}
