using Membership.Replication;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

public sealed class OneReplicaTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_sole_replica_keeps_its_state_over_restarts()
    {
        await using var group = new ReplicaGroup(output, 1);
        var replica = await group.StartAsync("r1");
        for (var i = 0; i < 20; i++) Assert.True((await replica.RegisterAsync()).IsOk);
        var before = replica.Status;
        await group.StopAsync("r1");

        replica = await group.StartAsync("r1", bootstrap: false);
        await group.LeaderAsync();
        Assert.Equal(20, (await replica.ReadAsync()).NodeCount);
        Assert.Equal(before.Digest, replica.Status.Digest);
        Assert.True(replica.Status.Term > before.Term);
        Assert.True((await replica.RegisterAsync()).IsOk);
        Assert.Equal(before.Revision + 1, replica.Status.Revision);
    }

    [Fact]
    public async Task A_stopped_replica_still_says_what_it_holds_and_does_nothing()
    {
        await using var group = new ReplicaGroup(output, 1);
        var replica = await group.StartAsync("r1");
        Assert.True((await replica.RegisterAsync()).IsOk);
        await group.StopAsync("r1");
        Assert.Equal(1UL, replica.Status.Revision);
        Assert.NotEqual(ReplicaRole.Leader, replica.Status.Role);
        Assert.Equal(Code.Unavailable, (await replica.RegisterAsync()).Code);
        await Assert.ThrowsAsync<ReplicaUnavailableException>(() => replica.ReadAsync());
        Assert.False(replica.Fault.IsCompleted);
    }

    [Fact]
    public async Task Many_proposals_at_once_share_entries_and_each_gets_its_own_outcome()
    {
        await using var group = new ReplicaGroup(output, 1);
        var replica = await group.StartAsync("r1");
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5_000).Select(_ => Task.Run(replica.RegisterAsync)));

        Assert.All(outcomes, outcome => Assert.True(outcome.IsOk));
        Assert.Equal(5_000, outcomes.Select(outcome => outcome.Results.Node).Distinct().Count());
        Assert.Equal(5_000, replica.State.NodeCount);
        Assert.True(replica.Status.LastIndex < 2_500, $"{replica.Status.LastIndex} entries");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Those_who_are_answered_together_share_the_next_entry(bool withOwnIds)
    {
        const int Callers = 64;
        const int Rounds = 100;
        await using var group = new ReplicaGroup(output, 1);
        var replica = await group.StartAsync("r1");
        await replica.RegisterAsync();
        var before = replica.Status.LastIndex;
        var left = Callers * Rounds;
        await Task.WhenAll(Enumerable.Range(1, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 1UL; Interlocked.Decrement(ref left) >= 0; i++)
                Assert.True((await (withOwnIds ? replica.ProposeAsync(Requests.Registration((ulong)caller, i)) : replica.RegisterAsync())).IsOk);
        })));

        // Two halves that take turns would need twice as many.
        var entries = replica.Status.LastIndex - before;
        output.WriteLine($"{entries} entries");
        Assert.InRange(entries, Rounds, Rounds * 3 / 2);
    }

    [Fact]
    public async Task A_request_sent_twice_is_applied_once()
    {
        await using var group = new ReplicaGroup(output, 1);
        var replica = await group.StartAsync("r1");
        var request = Requests.Registration(client: 7, sequence: 1);
        var first = await replica.ProposeAsync(request);
        var second = await replica.ProposeAsync(request);

        Assert.True(first.IsOk);
        Assert.Equal(first with { Repeated = true }, second);
        Assert.Equal(1, replica.State.NodeCount);
    }

    [Fact]
    public async Task A_full_queue_answers_overloaded_at_once_and_nothing_of_it_happens()
    {
        await using var group = new ReplicaGroup(output, 1) { Configure = options => options.QueueLengthMax = 1 };
        var replica = await group.StartAsync("r1");
        await group.LeaderAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(_ => Task.Run(replica.RegisterAsync)));

        Assert.All(outcomes, outcome => Assert.True(outcome.IsOk || outcome is { Code: Code.Overloaded, Revision: 0 }, $"{outcome}"));
        Assert.Contains(outcomes, outcome => outcome.Code == Code.Overloaded);
        Assert.Equal(outcomes.Count(outcome => outcome.IsOk), replica.State.NodeCount);
    }

    [Fact]
    public async Task An_idle_leader_moves_cluster_time()
    {
        await using var group = new ReplicaGroup(output, 1) { Configure = options => options.ClockEntryPeriodMs = 50 };
        var replica = await group.StartAsync("r1");
        await Wait.UntilAsync(() => replica.Status.ClusterTime > 0, "a first clock entry");
        var time = replica.Status.ClusterTime;
        await Wait.UntilAsync(() => replica.Status.ClusterTime > time, "a second clock entry");
        Assert.Equal(0UL, replica.Status.Revision);
    }
}
