using Membership.Replication;
using Membership.Replication.Peers;
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

        // Its peers hear why, and do not take it for a follower that stands still.
        var address = group.Addresses.Single(address => address.Id == removed.Status.ReplicaId);
        await using var client = new PeerClient(new(address.Id, address.PeerEndPoint), new(group.ClusterId, "r9", 9));
        Assert.Equal("removed", (await client.GetStatusAsync()).Fault);
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
        await leader.AddReplicaAsync(group.AddressOf(self));
        await AssertRefusedAsync(Code.ReplicaNotFound, () => follower.RemoveReplicaAsync("r9"));
        await AssertRefusedAsync(Code.ReplicaNotFound, () => follower.TransferLeadershipAsync("r9"));
        var r9 = group.NewReplica("r9", group.AddressOf(self));
        await AssertRefusedAsync(Code.TooManyVoters, () => follower.AddReplicaAsync(r9));
        await AssertRefusedAsync(Code.ReplicaInUse, () => follower.AddReplicaAsync(r9 with { Id = self }));
        await AssertRefusedAsync(Code.ReplicaInUse, () => follower.AddReplicaAsync(r9 with { PeerEndPoint = group.AddressOf(self).PeerEndPoint }));
        await Assert.ThrowsAsync<ArgumentException>(() => follower.AddReplicaAsync(r9 with { Id = "R 9" }));

        // Nobody listens at the address of the one that is to come.
        await leader.RemoveReplicaAsync(follower.Status.ReplicaId);
        await Retry.UntilAsync(
            () => AssertRefusedAsync(Code.ReplicaNotReady, () => leader.AddReplicaAsync(r9)), e => e is Xunit.Sdk.EqualException, "the removal to be applied");
        Assert.True((await leader.RegisterAsync()).IsOk);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_address_that_is_out_of_date_is_refused_and_the_right_one_taken_afterwards(bool byLeader)
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var gone = group.Running.First(replica => replica != leader).Status.ReplicaId;
        var other = group.Running.First(replica => replica != leader && replica.Status.ReplicaId != gone);
        var asked = byLeader ? leader : other;
        await leader.RemoveReplicaAsync(gone);
        await group.StopAsync(gone);

        // Its machine was replaced: the new one has other ports, and an operator tries the old list first.
        var r4 = group.NewReplica("r4", group.AddressOf(leader.Status.ReplicaId));
        await group.StartAsync("r4", bootstrap: false);
        var former = group.AddressOf(gone);
        ReplicaAddress[] outdated = [former, r4 with { RaftEndPoint = former.RaftEndPoint }, r4 with { PeerEndPoint = former.PeerEndPoint }, r4 with { Id = gone }];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        foreach (var address in outdated)
        {
            await Retry.UntilAsync(
                () => AssertRefusedAsync(Code.ReplicaNotReady, () => asked.AddReplicaAsync(address, limit.Token)), e => e is Xunit.Sdk.EqualException, "the removal to be applied");
            Assert.True((await leader.RegisterAsync()).IsOk);
        }

        await asked.AddReplicaAsync(r4, limit.Token);
        await Wait.UntilAsync(() => group["r4"].Status.Role == ReplicaRole.Follower, "r4 to vote");
        await group.AgreeAsync((ulong)outdated.Length);
        Assert.Equal(outdated.Length, group["r4"].State.NodeCount);
    }

    [Fact]
    public async Task A_wiped_replica_has_no_vote_however_much_it_hears_until_it_is_added()
    {
        await using var group = new ReplicaGroup(output, 3);
        group.Configure = options => (options.SnapshotBytes, options.LinkFaults) = (64 << 10, group.Links);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var id = (await group.FollowerAsync()).Status.ReplicaId;
        await group.StopAsync(id);
        group.Wipe(id);
        for (var i = 0; i < 4; i++)
        {
            var index = leader.Status.SnapshotIndex;
            await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(leader.RegisterAsync)));
            await Wait.UntilAsync(() => leader.Status.SnapshotIndex > index, "a snapshot");
        }

        // The leader sends it all it lacks, and the list of voters with its name.
        var wiped = await group.StartAsync(id);
        await group.AgreeAsync(leader.Status.Revision);
        Assert.Equal(ReplicaRole.Standby, wiped.Status.Role);

        // Without its vote, the one replica that is left has no majority, when the leader goes without a word.
        group.Links.Isolate(leader.Status.ReplicaId, group.Addresses.Select(address => address.Id));
        await group.StopAsync(leader.Status.ReplicaId);
        var left = group.Running.Single(replica => replica != wiped);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(4));
        Assert.NotEqual(Code.Ok, (await left.ProposeAsync(Requests.Registration(), Actor.Admin(), limit.Token)).Code);
        Assert.Equal((ReplicaRole.Follower, ReplicaRole.Standby), (left.Status.Role, wiped.Status.Role));
    }

    private static async Task AssertRefusedAsync(Code code, Func<Task> change) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<ClusterChangeException>(change)).Code);
}
