using Membership.Replication;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

public sealed class ThreeReplicasTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Three_replicas_agree_whoever_proposes()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        await group.LeaderAsync();
        var outcomes = await Task.WhenAll(group.Running.SelectMany(r => Enumerable.Range(0, 300).Select(_ => Task.Run(r.RegisterAsync))));

        Assert.All(outcomes, outcome => Assert.True(outcome.IsOk, $"{outcome}"));
        await group.AgreeAsync(900);
        Assert.All(group.Running, replica => Assert.Equal(900, replica.State.NodeCount));
    }

    [Fact]
    public async Task A_follower_reads_what_was_acknowledged_elsewhere()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var follower = await group.FollowerAsync();
        for (var i = 1; i <= 50; i++)
        {
            Assert.True((await leader.RegisterAsync()).IsOk);
            Assert.Equal(i, (await follower.ReadAsync()).NodeCount);
        }
    }

    [Fact]
    public async Task A_proposal_that_no_entry_can_hold_is_refused_at_once_by_leader_and_follower()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var replicas = new[] { await group.LeaderAsync(), await group.FollowerAsync() };
        var tooLong = new SetExprPolicy(new(1), new byte[Limits.Production.MutationBytesMax]);
        foreach (var replica in replicas) Assert.Equal(Code.InvalidArgument, (await replica.ProposeAsync(tooLong, Actor.Admin())).Code);
    }

    [Fact]
    public async Task When_the_leader_stops_another_one_leads_and_nothing_is_applied_twice()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var request = Requests.Registration(client: 7, sequence: 1);
        var first = await leader.ProposeAsync(request);
        Assert.True(first.IsOk);
        var id = leader.Status.ReplicaId;
        var term = leader.Status.Term;
        await group.StopAsync(id);

        var other = group.Running.First();
        Assert.Equal(first with { Repeated = true }, await other.ProposeAsync(request));
        Assert.True((await group.LeaderAsync()).Status.Term > term);
        Assert.True((await other.RegisterAsync()).IsOk);

        await group.StartAsync(id, bootstrap: false);
        await group.AgreeAsync(3);
        Assert.All(group.Running, replica => Assert.Equal(2, replica.State.NodeCount));
    }

    [Fact]
    public async Task Requests_under_way_survive_a_change_of_leader()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var others = group.Running.Where(replica => replica != leader).ToArray();
        using var stop = new CancellationTokenSource();
        var load = others.SelectMany(replica => Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; !stop.IsCancellationRequested; count++) Assert.True((await replica.RegisterAsync()).IsOk);
            return count;
        }))).ToArray();
        await Wait.UntilAsync(() => others[0].State.NodeCount > 100, "some load");
        await group.StopAsync(leader.Status.ReplicaId);
        await group.LeaderAsync();
        var count = others[0].State.NodeCount;
        await Wait.UntilAsync(() => others[0].State.NodeCount > count + 100, "load under the new leader");
        await stop.CancelAsync();

        var acknowledged = (await Task.WhenAll(load)).Sum();
        await group.AgreeAsync((ulong)acknowledged);
        Assert.Equal(acknowledged, others[0].State.NodeCount);
    }

    [Fact]
    public async Task All_stopped_and_started_again_they_hold_what_they_held()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        for (var i = 0; i < 10; i++) Assert.True((await leader.RegisterAsync()).IsOk);
        var digest = leader.Status.Digest;
        foreach (var address in group.Addresses) await group.StopAsync(address.Id);

        await group.StartAllAsync();
        await group.LeaderAsync();
        await group.AgreeAsync(10);
        Assert.All(group.Running, replica => Assert.Equal(digest, replica.Status.Digest));
    }

    [Fact]
    public async Task Without_a_majority_nothing_is_acknowledged_or_confirmed()
    {
        await using var group = new ReplicaGroup(output, 3) { Configure = options => options.RequestLimitMs = 2_000 };
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        foreach (var other in group.Running.Where(replica => replica != leader).Select(r => r.Status.ReplicaId).ToArray())
            await group.StopAsync(other);

        var outcome = await leader.RegisterAsync();
        Assert.True(outcome.Code is Code.OutcomeUnknown or Code.Unavailable, $"{outcome}");
        await Assert.ThrowsAsync<ReplicaUnavailableException>(() => leader.ReadAsync());
    }
}
