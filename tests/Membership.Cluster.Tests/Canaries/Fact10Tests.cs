using System.Diagnostics;
using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Log;
using Xunit;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 10: which reads confirm the leadership, and what a failed log does to those who ask for it.</summary>
public sealed class Fact10Tests
{
    [Fact]
    public async Task Fact10_Isolated_leader_passes_a_weak_barrier_and_not_a_strong_one()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var leader = await cluster.LeaderAsync();
        await leader.ReplicateAsync("before");
        await leader.Raft.ApplyReadBarrierAsync(ReadBarrierType.Strong);

        cluster.Isolate(leader);
        var strong = leader.Raft.ApplyReadBarrierAsync(ReadBarrierType.Strong).AsTask();
        await leader.Raft.ApplyReadBarrierAsync(ReadBarrierType.Weak).AsTask().WaitAsync(Logs.Soon);

        Assert.True(leader.Leads);
        Assert.False(strong.IsCompleted);
        var refusal = await Record.ExceptionAsync(() => strong.WaitAsync(Logs.Soon));
        Assert.NotNull(refusal);
        Assert.IsNotType<TimeoutException>(refusal);
    }

    [Fact]
    public async Task Fact10_Who_gives_up_a_strong_barrier_lets_others_pass_that_nobody_confirmed()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var isConfirmed = false;
        for (var attempt = 0; attempt < 20 && !isConfirmed; attempt++)
        {
            var leader = await cluster.LeaderAsync();
            using var end = new CancellationTokenSource(Logs.Soon);
            for (var i = 0; i < 100; i++) await PassAsync(leader, end.Token);

            // Those that came before the round began: whether it has is a matter of luck.
            cluster.Isolate(leader);
            using var givesUp = new CancellationTokenSource();
            var first = PassAsync(leader, givesUp.Token);
            var others = Enumerable.Range(0, 8).Select(_ => PassAsync(leader, end.Token)).ToArray();
            await Task.Delay(20);
            others = Array.FindAll(others, other => !other.IsCompleted);
            await givesUp.CancelAsync();
            await Task.Delay(20);
            isConfirmed = others.Any(other => other.IsCompletedSuccessfully);

            // Left alone they would turn in the package until there is a leader.
            await end.CancelAsync();
            await Task.WhenAll([first, .. others]).ContinueWith(static _ => { }, TaskScheduler.Default);
            await Wait.UntilAsync(() => !leader.Leads, "the leader to give up");
            cluster.Links.Mend();
        }

        Assert.True(isConfirmed, "No read was let pass: the package may be used as it is.");

        static Task PassAsync(TestNode node, CancellationToken token) => node.Raft.ApplyReadBarrierAsync(ReadBarrierType.Strong, token).AsTask();
    }

    [Fact]
    public async Task Fact10_Strong_barrier_waits_for_what_was_acknowledged_before_it()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var leader = await cluster.LeaderAsync();
        for (var i = 0; i < 20; i++)
        {
            await leader.Log.AppendAsync(Logs.Entry(await leader.Log.LastTermAsync(), $"{i}"));
            await leader.Raft.ApplyReadBarrierAsync(ReadBarrierType.Strong).AsTask().WaitAsync(Logs.Soon);
            Assert.Equal($"{i}", leader.Machine.Payloads[^1]);
        }
    }

    [Fact]
    public async Task Fact10_Leadership_token_throws_once_all_logs_have_failed()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var leader = await cluster.LeaderAsync();
        foreach (var node in cluster.Nodes)
            node.Machine.Applying = _ => throw new InvalidDataException("broken");

        await Assert.ThrowsAnyAsync<Exception>(() => leader.ReplicateAsync("poison").WaitAsync(Logs.Soon));

        await Wait.UntilAsync(
            () => cluster.Nodes.Any(node => Record.Exception(() => node.Raft.LeadershipToken) is UnreachableException), "a token to throw");
    }

    [Fact]
    public async Task Fact10_Single_node_goes_on_leading_with_a_failed_log()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        var leader = await cluster.LeaderAsync();
        leader.Machine.Applying = _ => throw new InvalidDataException("broken");

        await Assert.ThrowsAnyAsync<Exception>(() => leader.ReplicateAsync("poison").WaitAsync(Logs.Soon));
        await Assert.ThrowsAsync<LogFailedException>(() => leader.ReplicateAsync("next").WaitAsync(Logs.Soon));

        Assert.True(leader.Leads);
        await Assert.ThrowsAsync<LogFailedException>(
            () => ((DurableLog)leader.Log).WaitForFailureAsync(CancellationToken.None).WaitAsync(Logs.Soon));
    }
}
