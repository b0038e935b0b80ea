using System.Diagnostics;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 15: all that a follower lacks goes into one request.</summary>
public sealed class Fact15Tests(ITestOutputHelper output)
{
    private const int BacklogMebibytes = 100;
    private const int LinkBytesPerSecond = 64 << 20;

    [Fact]
    public async Task Fact15_Follower_far_behind_never_catches_up()
    {
        await using var cluster = await TestCluster.StartAsync(3, new ClusterSetup { Log = (at, to) => Logs.Stock(at, to) });
        var (leader, follower) = await LeaveBehindAsync(cluster);

        await follower.StartAsync(cluster.Addresses);

        await Assert.ThrowsAsync<TimeoutException>(() => CaughtUpAsync(leader, follower, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Fact15_Repaired_follower_far_behind_is_back_soon_under_load_and_nothing_commits_early()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var (leader, follower) = await LeaveBehindAsync(cluster);
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(leader, stop.Token);

        var since = Stopwatch.GetTimestamp();
        await follower.StartAsync(cluster.Addresses);
        await CaughtUpAsync(leader, follower, TimeSpan.FromSeconds(30));
        output.WriteLine($"{BacklogMebibytes} MiB behind, back after {Stopwatch.GetElapsedTime(since)}");

        await stop.CancelAsync();
        var writes = await load;
        await Wait.UntilAsync(() => follower.Machine.Payloads.Contains($"load-{writes - 1}"), "the follower to apply the load");
        Assert.Equal(leader.Machine.Content, follower.Machine.Content);
    }

    /// <summary>The cut has a price: a member is added within a number of rounds, and a round is no more than the cut.</summary>
    [Theory]
    [InlineData(10, false)]
    [InlineData(40, true)]
    public async Task Fact15_Repaired_log_needs_warmup_rounds_for_all_of_it_to_add_a_member(int warmupRounds, bool added)
    {
        await using var cluster = new TestCluster(2, new ClusterSetup { WarmupRounds = warmupRounds });
        var (first, second) = (cluster.Nodes[0], cluster.Nodes[1]);
        await first.StartAsync([first.Address], coldStart: true);
        await second.StartAsync([]);
        await (await cluster.LeaderAsync()).ReplicateBallastAsync(BacklogMebibytes);

        Assert.Equal(added, await first.Raft.AddMemberAsync(second.Address).WaitAsync(Logs.Soon));
    }

    [Theory]
    [InlineData(false, 20)]
    [InlineData(true, 3)]
    public async Task Fact15_Replication_is_handed_everything_unless_repaired(bool repaired, int handed)
    {
        using var folder = new TestFolder();
        var machine = new ListStateMachine();
        IPersistentState log = repaired ? Logs.Durable(folder["log"], machine) : Logs.Stock(folder["log"], machine);
        await using var owned = (IAsyncDisposable)log;
        for (var i = 0; i < 20; i++)
            await log.AppendAsync(Logs.Entry(1, new string('b', 1 << 20)));

        Assert.Equal(handed, (await ReadAsync(log, n => new Result<ReplicationStatus> { Term = n, Value = default })).Term);
        Assert.Equal(20, await ReadAsync(log, n => n));
        Assert.Equal(20, (await log.ReadTermsAsync(1, 20)).Length);
    }

    private static async Task<TResult> ReadAsync<TResult>(IPersistentState log, Func<int, TResult> result) =>
        await log.ReadAsync(new Count<TResult>(result), 1, log.LastEntryIndex);

    private static async Task<(TestNode Leader, TestNode Follower)> LeaveBehindAsync(TestCluster cluster)
    {
        var leader = await cluster.LeaderAsync();
        var follower = cluster.Others(leader)[0];
        await follower.StopAsync();
        await leader.ReplicateBallastAsync(BacklogMebibytes);
        cluster.Links.BytesPerSecond = LinkBytesPerSecond;
        return (leader, follower);
    }

    private static Task CaughtUpAsync(TestNode leader, TestNode follower, TimeSpan limit) =>
        Wait.UntilAsync(() => follower.Log.LastEntryIndex >= leader.Log.LastCommittedEntryIndex, "the follower to catch up", limit);

    private static async Task<int> LoadAsync(TestNode leader, CancellationToken token)
    {
        var writes = 0;
        while (!token.IsCancellationRequested)
            await leader.ReplicateAsync($"load-{writes++}", CancellationToken.None);
        return writes;
    }

    private sealed class Count<TResult>(Func<int, TResult> result) : ILogEntryConsumer<IRaftLogEntry, TResult>
    {
        public ValueTask<TResult> ReadAsync<TEntry, TList>(TList entries, long? snapshotIndex, CancellationToken token)
            where TEntry : IRaftLogEntry
            where TList : IReadOnlyList<TEntry>
        {
            Assert.Equal(entries.Count, entries.Count());
            return ValueTask.FromResult(result(entries.Count));
        }
    }
}
