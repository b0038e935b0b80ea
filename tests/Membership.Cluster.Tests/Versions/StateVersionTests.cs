using Membership.Cluster.Tests.Hosting;
using Membership.Cluster.Tests.Replicas;
using Membership.Replication;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Versions;

/// <summary>Replicas of two libraries in one cluster: one knows state version 1, the other 2 as well.</summary>
public sealed class StateVersionTests(ITestOutputHelper output)
{
    private readonly HashSet<string> _upgraded = [];

    [Fact]
    public async Task The_version_is_raised_when_the_last_voter_knows_it_and_no_way_leads_back()
    {
        await using var group = NewGroup("r1", "r2");
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        Assert.True((await leader.RegisterAsync()).IsOk);
        await StayAsync(group, version: 1);

        // The last one is upgraded; with any of them leading, the version rises without anyone asking for it.
        await RestartAsync(group, "r3", isUpgraded: true);
        await Wait.UntilAsync(() => group.Running.All(replica => replica.Status.StateVersion == 2), "the version to rise", TimeSpan.FromSeconds(30));
        Assert.True((await group["r3"].RegisterAsync()).IsOk);
        await group.AgreeAsync(2);
        Assert.All(group.Running, replica => Assert.Equal((2u, 2UL), (replica.Status.NewestStateVersion, replica.Status.Revision)));

        // One of the old library stops before it applies anything, at each start, and is in nobody's way.
        await group.StopAsync("r3");
        _upgraded.Remove("r3");
        for (var start = 0; start < 2; start++)
        {
            var refused = await Assert.ThrowsAsync<ReplicaFaultException>(() => group.StartAsync("r3"));
            Assert.Equal((ReplicaFaultKind.UnsupportedFormat, "unsupported_format"), (refused.Fault.Kind, refused.Fault.Code));
            Assert.Contains("state version has format 2; this version of the library knows up to 1", refused.Message, StringComparison.Ordinal);
        }

        Assert.True((await group["r1"].RegisterAsync()).IsOk);
        await RestartAsync(group, "r3", isUpgraded: true);
        await group.AgreeAsync(3);
        Assert.All(group.Running, replica => Assert.Equal(2u, replica.State.Version));
    }

    [Fact]
    public async Task A_voter_that_does_not_answer_keeps_the_version_where_it_is()
    {
        await using var group = NewGroup("r1", "r2", "r3");
        await Task.WhenAll(group.StartAsync("r1"), group.StartAsync("r2"));
        var leader = await group.LeaderAsync();
        Assert.True((await leader.RegisterAsync()).IsOk);
        await StayAsync(group, version: 1);

        await group.StartAsync("r3");
        await Wait.UntilAsync(() => group.Running.All(replica => replica.Status.StateVersion == 2), "the version to rise", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_running_replica_that_meets_an_entry_of_a_newer_version_stops_and_serves_nothing()
    {
        await using var group = NewGroup("r1", "r2", "r3");
        var (leader, old) = await AddOldAsync(group, snapshots: 0);
        var fault = await old.Fault.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(ReplicaFaultKind.UnsupportedFormat, fault.Kind);
        Assert.StartsWith("The state version has format 2", fault.Message, StringComparison.Ordinal);
        Assert.Equal((1u, ReplicaRole.Stopped), (old.Status.StateVersion, old.Status.Role));
        Assert.Throws<ReplicaUnavailableException>(() => old.State);
        await Assert.ThrowsAsync<ReplicaUnavailableException>(() => old.ReadAsync());
        Assert.False((await old.RegisterAsync()).IsOk);
        var health = await HealthTests.ReadyAsync(old);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.StartsWith("not_stopped: unsupported_format: ", health.Description, StringComparison.Ordinal);
        Assert.True((await leader.RegisterAsync()).IsOk);
    }

    [Fact]
    public async Task A_snapshot_of_a_newer_version_stops_the_start()
    {
        await using var group = NewGroup(1, "r1");
        var replica = await group.StartAsync("r1");
        await Wait.UntilAsync(() => replica.Status.StateVersion == 2, "the version to rise");
        await FillAsync(replica, snapshots: 2);
        await group.StopAsync("r1");
        _upgraded.Clear();
        for (var start = 0; start < 2; start++)
        {
            var refused = await Assert.ThrowsAsync<ReplicaFaultException>(() => group.StartAsync("r1"));
            Assert.Equal(ReplicaFaultKind.UnsupportedFormat, refused.Fault.Kind);
            Assert.Contains("state in the snapshot", refused.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(group.FolderOf("r1"), "snapshots"), "*.bad"));
        _upgraded.Add("r1");
        Assert.True((await (await group.StartAsync("r1")).RegisterAsync()).IsOk);
    }

    [Fact]
    public async Task A_peers_pointer_to_a_snapshot_of_a_newer_version_stops_the_replica()
    {
        await using var group = NewGroup("r1", "r2", "r3");
        var (leader, old) = await AddOldAsync(group, snapshots: 3);
        var fault = await old.Fault.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(ReplicaFaultKind.UnsupportedFormat, fault.Kind);
        Assert.Contains("state in the snapshot", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0UL, old.Status.Revision);
        Assert.True((await leader.RegisterAsync()).IsOk);
    }

    private ReplicaGroup NewGroup(params string[] upgraded) => NewGroup(3, upgraded);

    private ReplicaGroup NewGroup(int count, params string[] upgraded)
    {
        _upgraded.UnionWith(upgraded);
        return new(output, count)
        {
            Configure = options =>
            {
                options.SnapshotBytes = 64 << 10;
                options.Limits = Limits.Production with { NewestStateVersion = _upgraded.Contains(options.ReplicaId) ? 2u : 1u };
            },
        };
    }

    private async Task RestartAsync(ReplicaGroup group, string id, bool isUpgraded)
    {
        if (group.Running.Any(replica => replica.Status.ReplicaId == id)) await group.StopAsync(id);
        if (isUpgraded) _upgraded.Add(id);
        await group.StartAsync(id);
    }

    // The leader asks once a second: it has had time to ask twice.
    private static async Task StayAsync(ReplicaGroup group, uint version)
    {
        var since = DateTime.UtcNow;
        await Wait.UntilAsync(
            () =>
            {
                Assert.All(group.Running, replica => Assert.Equal(version, replica.Status.StateVersion));
                return DateTime.UtcNow - since > TimeSpan.FromSeconds(2.5);
            },
            "the time to pass");
    }

    /// <summary>Three that know version 2; then one of them is wiped, and comes back with the old library: what it learns comes from its peers.</summary>
    private async Task<(MembershipReplica Leader, MembershipReplica Old)> AddOldAsync(ReplicaGroup group, int snapshots)
    {
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        await Wait.UntilAsync(() => group.Running.All(replica => replica.Status.StateVersion == 2), "the version to rise", TimeSpan.FromSeconds(30));
        Assert.True((await leader.RegisterAsync()).IsOk);
        var id = (await group.FollowerAsync()).Status.ReplicaId;
        await group.StopAsync(id);
        group.Wipe(id);
        await FillAsync(leader, snapshots);
        _upgraded.Remove(id);
        var old = await group.StartAsync(id);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await leader.RemoveReplicaAsync(id, limit.Token);
        await Retry.UntilAsync(() => TryAddAsync(leader, group.AddressOf(id), old), e => e is ClusterChangeException, "the change before to be applied");
        return (leader, old);
    }

    private static async Task TryAddAsync(MembershipReplica leader, ReplicaAddress address, MembershipReplica added)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var adding = leader.AddReplicaAsync(address, end.Token);
        await Task.WhenAny(adding, added.Fault);
        await end.CancelAsync();
        try
        {
            await adding;
        }
        catch (Exception) when (added.Fault.IsCompleted)
        {
            // It will never catch up.
        }
    }

    private static async Task FillAsync(MembershipReplica replica, int snapshots)
    {
        for (var i = 0; i < snapshots; i++)
        {
            var before = replica.Status.SnapshotIndex;
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(replica.RegisterAsync)));
            Assert.All(outcomes, outcome => Assert.True(outcome.IsOk, $"{outcome}"));
            await Wait.UntilAsync(() => replica.Status.SnapshotIndex > before, "a snapshot");
        }
    }
}
