using System.Diagnostics;
using Membership.Replication;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

public sealed class LeadershipTransferTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Leadership_goes_where_it_is_asked_to_go_whoever_is_asked()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        foreach (var id in group.Addresses.Select(address => address.Id).Order())
        {
            await group["r2"].TransferLeadershipAsync(id);
            await Wait.UntilAsync(() => group[id].Status.Role == ReplicaRole.Leader, $"{id} to lead");
            Assert.True((await group["r3"].RegisterAsync()).IsOk);
        }

        await leader.TransferLeadershipAsync();
        Assert.NotEqual("r3", (await group.LeaderAsync()).Status.ReplicaId);
        await group.AgreeAsync(3);
    }

    [Fact]
    public async Task Two_voters_hand_over_to_one_another()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        await leader.RemoveReplicaAsync((await group.FollowerAsync()).Status.ReplicaId);
        var before = leader.Status.Term;
        await Retry.UntilAsync(() => leader.TransferLeadershipAsync(), e => e is ClusterChangeException, "the other one to be told");
        Assert.Equal(ReplicaRole.Follower, leader.Status.Role);
        Assert.Equal(before + 1, leader.Status.Term);
    }

    [Fact]
    public async Task Under_load_nothing_is_lost_and_nobody_waits_for_an_election_timeout()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        await group.LeaderAsync();
        await using var load = new ReplicaLoad(group);
        var shortest = TimeSpan.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            var leader = await group.LeaderAsync();
            var began = Stopwatch.GetTimestamp();
            await leader.TransferLeadershipAsync();
            var took = Stopwatch.GetElapsedTime(began);
            output.WriteLine($"handed over in {took.TotalMilliseconds:0} ms");
            if (took < shortest) shortest = took;
            await load.AdvanceAsync(100);
        }

        var (done, unknown, gap) = await load.EndAsync();
        output.WriteLine($"{done} acknowledged, {unknown} unknown, longest pause {gap.TotalMilliseconds:0} ms");
        await group.AgreeAsync((ulong)done);

        // The shortest, as a busy machine may slow any of them down; with a wait for the timeout none would be below 500 ms.
        Assert.InRange(shortest.TotalMilliseconds, 0, 250);
        Assert.Equal(0, unknown);
        Assert.Equal(done, group.Running.First().State.NodeCount);
    }

    [Fact]
    public async Task A_leader_that_is_stopped_hands_over_first()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        await group.LeaderAsync();
        await using var load = new ReplicaLoad(group);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            var leader = await group.LeaderAsync();
            var (id, term) = (leader.Status.ReplicaId, leader.Status.Term);
            await load.AdvanceAsync(100);
            await group.StopAsync(id);
            Assert.Contains(group.Log.Lines, line => line.Contains($"{id} MembershipReplica Information: Gave leadership", StringComparison.Ordinal));
            Assert.Equal(term + 1, (await group.LeaderAsync()).Status.Term);
            await load.AdvanceAsync(100);
            await group.StartAsync(id, bootstrap: false);
            await Wait.UntilAsync(() => group[id].Status.Leader is not null, "the restarted one to follow");
        }

        var (done, unknown, gap) = await load.EndAsync();
        output.WriteLine($"{done} acknowledged, {unknown} unknown, longest pause {gap.TotalMilliseconds:0} ms");
        await group.AgreeAsync((ulong)done);
        Assert.InRange(group.Running.First().State.NodeCount, done, done + unknown);
    }

    [Fact]
    public async Task A_successor_that_is_away_is_refused_and_the_leader_stays()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var away = (await group.FollowerAsync()).Status.ReplicaId;
        await group.StopAsync(away);
        var refused = await Assert.ThrowsAsync<ClusterChangeException>(() => leader.TransferLeadershipAsync(away));
        Assert.Equal(Code.ReplicaNotReady, refused.Code);
        Assert.True((await leader.RegisterAsync()).IsOk);
        Assert.Equal(ReplicaRole.Leader, leader.Status.Role);
    }
}
