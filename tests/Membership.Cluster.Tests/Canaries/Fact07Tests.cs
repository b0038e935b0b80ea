using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Xunit;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 7: a published snapshot replaces the log before it, in replication at once and on the disk soon.</summary>
public sealed class Fact07Tests : IDisposable
{
    private const int Entries = 300;
    private const int SnapshotIndex = 200;
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Fact07_Published_snapshot_is_sent_instead_of_entries_that_are_still_there()
    {
        var machine = new ListStateMachine();
        await using var log = await FilledAsync(machine);
        Assert.Null(await ReadAsLeaderAsync(log, SnapshotIndex));

        machine.Publish(SnapshotIndex, 1);

        Assert.Equal(SnapshotIndex, await ReadAsLeaderAsync(log, SnapshotIndex));
        Assert.Equal(SnapshotIndex, await ReadAsLeaderAsync(log, 1));
        Assert.Null(await ReadAsLeaderAsync(log, SnapshotIndex + 1));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(SnapshotIndex, true)]
    [InlineData(SnapshotIndex + 50, true)]
    public async Task Fact07_Restart_works_from_the_snapshot_or_a_newer_one_only(long restoredIndex, bool works)
    {
        var machine = new ListStateMachine();
        await using (var log = await FilledAsync(machine))
        {
            machine.Publish(SnapshotIndex, 1);
            await log.FollowAsync(Entries + 1, 1);
            await Wait.UntilAsync(() => !File.Exists(folder["log/metadata/0"]), "the pages under the snapshot to go");
        }

        await using var restarted = Logs.Stock(
            folder["log"], new ListStateMachine(restoredIndex > 0 ? new ListSnapshot(restoredIndex, 1, []) : null));
        var failure = await Record.ExceptionAsync(() => restarted.InitializeAsync().WaitAsync(Logs.Soon));

        Assert.Equal(works, failure is null);
        Assert.IsNotType<TimeoutException>(failure);
    }

    private async Task<WriteAheadLog> FilledAsync(ListStateMachine machine)
    {
        var log = Logs.Stock(folder["log"], machine);
        await log.FollowAsync(1, [.. Enumerable.Repeat(1L, Entries)]);
        await log.CommitAsync(Entries);
        await log.WaitForApplyAsync(Entries);
        return log;
    }

    private static async Task<long?> ReadAsLeaderAsync(WriteAheadLog log, long first) =>
        await ((IAuditTrail<IRaftLogEntry>)log).ReadAsync(new SnapshotIndexReader(), first, Entries);

    private sealed class SnapshotIndexReader : ILogEntryConsumer<IRaftLogEntry, long?>
    {
        public ValueTask<long?> ReadAsync<TEntry, TList>(TList entries, long? snapshotIndex, CancellationToken token)
            where TEntry : IRaftLogEntry
            where TList : IReadOnlyList<TEntry> => ValueTask.FromResult(snapshotIndex);
    }
}
