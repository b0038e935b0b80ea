using Membership.Replication;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

public sealed class ClusterChangeTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_removed_replica_is_told_and_stops_for_good()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var removed = await group.FollowerAsync();
        await leader.RemoveReplicaAsync(removed.Status.ReplicaId);
        await leader.RemoveReplicaAsync(removed.Status.ReplicaId);

        var fault = await removed.Fault.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((ReplicaFaultKind.Removed, "removed"), (fault.Kind, fault.Code));
        Assert.Equal(ReplicaRole.Stopped, removed.Status.Role);
        Assert.Equal(Code.Unavailable, (await removed.RegisterAsync()).Code);
        await Assert.ThrowsAsync<ReplicaUnavailableException>(() => removed.ReadAsync());
        Assert.True((await leader.RegisterAsync()).IsOk);
    }

    [Fact]
    public async Task A_removed_replica_that_was_away_is_told_when_it_is_back()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var id = (await group.FollowerAsync()).Status.ReplicaId;
        await group.StopAsync(id);
        await leader.RemoveReplicaAsync(id);
        var term = leader.Status.Term;

        var back = await group.StartAsync(id, bootstrap: false);
        Assert.Equal(ReplicaFaultKind.Removed, (await back.Fault.WaitAsync(TimeSpan.FromSeconds(10))).Kind);
        Assert.Equal((ReplicaRole.Leader, term), (leader.Status.Role, leader.Status.Term));
    }

    [Fact]
    public async Task What_may_not_be_done_is_refused()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var follower = await group.FollowerAsync();
        var self = leader.Status.ReplicaId;
        await leader.AddReplicaAsync(self);
        await Assert.ThrowsAsync<ClusterChangeException>(() => leader.RemoveReplicaAsync(self));
        await Assert.ThrowsAsync<ClusterChangeException>(() => leader.RemoveReplicaAsync("r9"));
        await Assert.ThrowsAsync<ReplicaUnavailableException>(() => follower.RemoveReplicaAsync(self));
    }
}
