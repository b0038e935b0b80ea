using Membership.Replication;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

public sealed class SnapshotTests(ITestOutputHelper output)
{
    private const int SnapshotBytes = 64 << 10;

    [Fact]
    public async Task A_replica_restarts_from_its_newest_snapshot_and_the_log_behind_it()
    {
        await using var group = new ReplicaGroup(output, 1) { Configure = options => options.SnapshotBytes = SnapshotBytes };
        var replica = await group.StartAsync("r1");
        await FillAsync(replica, snapshots: 3);
        var before = replica.Status;
        await group.StopAsync("r1");
        Assert.InRange(SnapshotsOf(group, "r1").Length, 1, 2);

        replica = await group.StartAsync("r1", bootstrap: false);
        await group.LeaderAsync();
        await replica.ReadAsync();
        Assert.Equal((before.Digest, before.Revision), (replica.Status.Digest, replica.Status.Revision));
        Assert.True((await replica.RegisterAsync()).IsOk);
    }

    [Fact]
    public async Task With_the_newest_snapshot_damaged_a_replica_restarts_from_the_one_before_it()
    {
        await using var group = new ReplicaGroup(output, 1) { Configure = options => options.SnapshotBytes = SnapshotBytes };
        var replica = await group.StartAsync("r1");
        await FillAsync(replica, snapshots: 3);
        var before = replica.Status;
        await group.StopAsync("r1");
        var newest = SnapshotsOf(group, "r1").Max()!;
        var bytes = await File.ReadAllBytesAsync(newest);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(newest, bytes);

        replica = await group.StartAsync("r1", bootstrap: false);
        await group.LeaderAsync();
        await replica.ReadAsync();
        Assert.Equal(before.Digest, replica.Status.Digest);
    }

    [Fact]
    public async Task A_replica_that_was_away_for_longer_than_the_log_reaches_back_gets_a_snapshot()
    {
        await using var group = new ReplicaGroup(output, 3) { Configure = options => options.SnapshotBytes = SnapshotBytes };
        await group.StartAllAsync();
        var away = (await group.FollowerAsync()).Status.ReplicaId;
        await group.StopAsync(away);
        var leader = await group.LeaderAsync();
        await FillAsync(leader, snapshots: 4);

        var back = await group.StartAsync(away, bootstrap: false);
        await group.AgreeAsync(leader.Status.Revision);
        Assert.Contains(group.Log.Lines, line => line.Contains($"{away} MembershipReplica Information: Installed the snapshot", StringComparison.Ordinal));
        Assert.True((await back.RegisterAsync()).IsOk);

        // What it installed, it can start from.
        await group.StopAsync(away);
        await group.StartAsync(away, bootstrap: false);
        await group.AgreeAsync(leader.Status.Revision);
    }

    [Fact]
    public async Task A_wiped_replica_is_removed_and_added_and_gets_a_snapshot()
    {
        await using var group = new ReplicaGroup(output, 3) { Configure = options => options.SnapshotBytes = SnapshotBytes };
        await group.StartAllAsync();
        var wiped = (await group.FollowerAsync()).Status.ReplicaId;
        await group.StopAsync(wiped);
        group.Wipe(wiped);
        var leader = await group.LeaderAsync();
        await FillAsync(leader, snapshots: 3);
        var replica = await group.StartAsync(wiped);
        Assert.Equal(ReplicaRole.Standby, replica.Status.Role);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await leader.RemoveReplicaAsync(wiped, limit.Token);
        await Retry.UntilAsync(() => leader.AddReplicaAsync(group.AddressOf(wiped), limit.Token), e => e is ClusterChangeException, "the change before to be applied");
        await Wait.UntilAsync(() => replica.Status.Role == ReplicaRole.Follower, "the added replica to follow");
        await group.AgreeAsync(leader.Status.Revision);

        // It counts: with another one away, the two are a majority.
        await group.StopAsync(group.Running.First(r => r != leader && r != replica).Status.ReplicaId);
        Assert.True((await replica.RegisterAsync()).IsOk);
        Assert.False(replica.Fault.IsCompleted);
    }

    private static string[] SnapshotsOf(ReplicaGroup group, string id) => Directory.GetFiles(Path.Combine(group.FolderOf(id), "snapshots"), "*.snapshot");

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
