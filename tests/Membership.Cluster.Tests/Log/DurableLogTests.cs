using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Cluster.Tests.Canaries;
using Membership.Replication.Log;
using Xunit;

namespace Membership.Cluster.Tests.Log;

/// <summary>What <see cref="DurableLog"/> promises beyond the repair of single facts.</summary>
public sealed class DurableLogTests : IDisposable
{
    private const int SmallSegment = 8 << 10;
    private readonly TestFolder folder = new();
    private readonly ListStateMachine machine = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_request_that_comes_twice_keeps_the_acknowledged_entries_behind_it()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        await log.FollowAsync(1, 1, 1, 1, 1);

        await log.FollowAsync(1, 1, 1);

        await log.AssertTermsAsync(1, 1, 1, 1);
    }

    [Fact]
    public async Task Stock_log_cuts_off_acknowledged_entries_when_a_request_comes_twice()
    {
        await using var log = Logs.Stock(folder["log"], machine);
        await log.FollowAsync(1, 1, 1, 1, 1);

        await log.FollowAsync(1, 1, 1);

        await log.AssertTermsAsync(1, 1);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_a_request_changes_nothing()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        await log.SetTermAsync(3);
        await log.FollowAsync(1, 2, 2, 2, 2);

        await Assert.ThrowsAsync<IOException>(() => log.FollowAsync(new BreakingRequest(3, entries: 1), 2));

        await log.AssertTermsAsync(2, 2, 2, 2);
        await log.FollowAsync(2, 3, 3);
        await using var afterKill = Logs.Durable(folder.Image(folder["log"]), new ListStateMachine());
        await afterKill.AssertTermsAsync(2, 3, 3);
    }

    [Fact]
    public async Task Stock_log_loses_what_follows_a_request_that_broke()
    {
        await using var log = Logs.Stock(folder["log"], machine);
        await log.FollowAsync(1, 2, 2, 2, 2);
        await log.FlushAsync();
        await Assert.ThrowsAsync<IOException>(() => log.FollowAsync(new BreakingRequest(3, entries: 1), 2));

        await log.FollowAsync(3, 3);
        await log.FlushAsync();

        await log.AssertTermsAsync(2, 3, 3);
        await using var afterKill = Logs.Stock(folder.Image(folder["log"]), new ListStateMachine());
        await afterKill.AssertTermsAsync(2, 2, 2, 2);
    }

    [Fact]
    public async Task A_write_that_was_given_up_is_waited_for_by_the_next_request()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        await log.SetTermAsync(1);
        machine.Stall.Hold();
        using var timeout = new CancellationTokenSource();
        var abandoned = Append(log, timeout.Token);
        await machine.Stall.Holding.WaitAsync(Logs.Soon);
        await timeout.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        Assert.True(log.PendingFlush > TimeSpan.Zero);

        var again = Append(log, CancellationToken.None);
        Assert.False(again.IsCompleted);
        machine.Stall.Release();
        await again.WaitAsync(Logs.Soon);

        await using var afterKill = Logs.Durable(folder.Image(folder["log"]), new ListStateMachine());
        await afterKill.AssertTermsAsync(1);

        static async Task Append(IPersistentState log, CancellationToken token) =>
            await log.AppendAsync(LogEntryProducer<BinaryLogEntry>.Of(Logs.Entry(1, "1@1")), 1, skipCommitted: true, token);
    }

    [Fact]
    public async Task A_write_that_the_disk_does_not_take_is_a_pending_flush()
    {
        using var held = new SemaphoreSlim(0);
        var time = new ManualTime();
        await using var log = DurableLog.Open(folder["log"], machine, time, held.Wait);
        var appending = Task.Run(() => log.FollowAsync(1, 1));
        await Wait.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return log.PendingFlush > TimeSpan.FromSeconds(10);
            },
            "the write to be seen");
        Assert.False(appending.IsCompleted);
        held.Release();
        await appending.WaitAsync(Logs.Soon);
        Assert.Equal(TimeSpan.Zero, log.PendingFlush);
        held.Release(2);
    }

    [Fact]
    public async Task A_leader_commits_what_is_on_its_own_disk_and_nothing_before()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        await log.InitializeAsync();
        machine.Stall.Hold();
        await log.AppendAsync(Logs.Entry(1, "mine"));
        var commit = log.CommitAsync(1).AsTask();
        await machine.Stall.Holding.WaitAsync(Logs.Soon);
        Assert.False(commit.IsCompleted);
        Assert.Equal(0, log.LastCommittedEntryIndex);

        machine.Stall.Release();
        Assert.Equal(1, await commit.WaitAsync(Logs.Soon));
        await log.WaitForApplyAsync(1).AsTask().WaitAsync(Logs.Soon);
        Assert.Equal(["mine"], machine.Payloads);
    }

    [Fact]
    public async Task A_tail_that_this_node_replaced_and_committed_as_leader_is_kept()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        await log.SetTermAsync(4);
        await log.FollowAsync(1, 2, 2, 2, 2);
        await log.FollowAsync(2, 3);
        Assert.Equal(2, log.LastEntryIndex);

        await log.AppendAsync(Logs.Entry(4, "mine"));
        await log.CommitAsync(3).AsTask().WaitAsync(Logs.Soon);

        await using var afterKill = Logs.Durable(folder.Image(folder["log"]), new ListStateMachine());
        await afterKill.AssertTermsAsync(2, 3, 4);
    }

    [Fact]
    public async Task Appends_flushes_and_commits_at_the_same_time_are_all_done_in_order()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        await log.InitializeAsync();
        for (var i = 1; i <= 200; i++)
        {
            await log.AppendAsync(Logs.Entry(1, $"{i}"));
            await Task.WhenAll(log.FlushAsync(), log.CommitAsync(i).AsTask(), log.FlushAsync()).WaitAsync(Logs.Soon);
        }

        await log.WaitForApplyAsync(200);
        Assert.Equal(Enumerable.Range(1, 200).Select(i => $"{i}"), machine.Payloads);
    }

    [Fact]
    public async Task The_last_entry_is_named_by_index_and_term()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        Assert.Equal(new EntryId(0, 0), log.ReadLastEntry());

        await log.FollowAsync(1, 1, 4);

        Assert.Equal(new EntryId(2, 4), log.ReadLastEntry());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => log.ReadTermsAsync(3, 3));
    }

    [Fact]
    public async Task A_failed_apply_is_reported_as_a_failure_of_the_log()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        await log.InitializeAsync();
        machine.Applying = _ => throw new InvalidDataException("broken");
        var failure = log.WaitForFailureAsync(CancellationToken.None);

        await log.FollowAsync(1, 1);
        await log.CommitAsync(1);

        var reported = await Assert.ThrowsAsync<LogFailedException>(() => failure.WaitAsync(Logs.Soon));
        Assert.Equal("broken", reported.InnerException!.Message);
        await Assert.ThrowsAsync<LogFailedException>(() => log.WaitForApplyAsync(1).AsTask());
    }

    [Fact]
    public async Task A_failed_write_is_the_end_of_the_log_and_acknowledges_nothing()
    {
        var isBroken = false;
        await using var log = DurableLog.Open(folder["log"], machine, beforeWrite: () =>
        {
            if (Volatile.Read(ref isBroken)) throw new IOException("No space left on device", 28);
        });
        await log.FollowAsync(1, 1);
        Volatile.Write(ref isBroken, true);

        await Assert.ThrowsAsync<LogFailedException>(() => log.FollowAsync(2, 1).WaitAsync(Logs.Soon));
        await Assert.ThrowsAsync<LogFailedException>(() => log.FollowAsync(2, 1).WaitAsync(Logs.Soon));
        await Assert.ThrowsAsync<LogFailedException>(() => log.AppendAsync(Logs.Entry(1, "more")).AsTask());
        await Assert.ThrowsAsync<LogFailedException>(() => log.WaitForFailureAsync(CancellationToken.None).WaitAsync(Logs.Soon));
    }

    [Fact]
    public async Task A_second_log_is_kept_out_of_the_folder()
    {
        await using var log = Logs.Durable(folder["log"], machine);

        var refusal = Assert.Throws<LogOpenException>(() => Logs.Durable(folder["log"], new ListStateMachine()));
        Assert.Equal(folder["log/format"], refusal.File);
    }

    [Fact]
    public async Task The_commit_index_is_known_again_after_a_stop()
    {
        await using (var log = Logs.Durable(folder["log"], machine))
        {
            await log.SetTermAsync(1);
            await log.FollowAsync(1, 1, 1, 1);
            await log.CommitAsync(2);
        }

        var again = new ListStateMachine();
        await using var restarted = Logs.Durable(folder["log"], again);
        Assert.Equal((2, 3), (restarted.LastCommittedEntryIndex, restarted.LastEntryIndex));
        Assert.Empty(again.Payloads);
        await restarted.InitializeAsync();
        Assert.Equal(2, again.Payloads.Length);
    }

    /// <summary>A replica that comes back without a leader shows what it knew to be committed.</summary>
    [Fact]
    public async Task The_commit_index_is_known_again_after_a_kill_of_an_idle_log()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        await log.FollowAsync(1, 1, 1, 1);
        await log.CommitAsync(2);
        await Wait.UntilAsync(() => LogContent.Read(folder["log"]) is { Damage: null, CommitIndex: 2 }, "the commit index to be noted");
        Assert.Equal(3, LogContent.Read(folder["log"]).Entries.LastIndex);
    }

    [Fact]
    public async Task A_log_goes_on_from_file_to_file_and_comes_back_whole()
    {
        var terms = Enumerable.Range(0, 100).Select(i => 1L + (i / 40)).ToArray();
        await using (var log = Small(folder["log"], machine))
        {
            await log.SetTermAsync(3);
            for (var i = 0; i < terms.Length; i++) await log.FollowAsync(i + 1, terms[i]);
        }

        Assert.True(LogSegment.NumbersIn(folder["log"]).Length > 5);
        await using var restarted = Small(folder["log"], machine);
        await restarted.AssertTermsAsync(terms);
        await restarted.FollowAsync(terms.Length + 1, 3);
        await restarted.AssertTermsAsync([.. terms, 3]);
    }

    [Fact]
    public async Task An_entry_larger_than_a_file_gets_a_file_of_its_own()
    {
        await using (var log = Small(folder["log"], machine))
        {
            await log.SetTermAsync(1);
            await log.FollowAsync(1, 1);
            await log.AppendAsync(Logs.Entry(1, new string('x', 5 * SmallSegment)));
            await log.AppendAsync(Logs.Entry(1, "behind it"));
            await log.FlushAsync();
        }

        await using var restarted = Small(folder["log"], machine);
        Assert.Equal(5 * SmallSegment, restarted.Find(2)!.Payload.Length);
        Assert.Equal(3, restarted.LastEntryIndex);
    }

    [Fact]
    public async Task Files_under_the_snapshot_go_and_the_log_asks_for_that_snapshot_from_then_on()
    {
        await using (var log = Small(folder["log"], machine))
        {
            await log.SetTermAsync(1);
            await log.InitializeAsync();
            for (var i = 1; i <= 100; i++) await log.FollowAsync(i, 1);
            await log.CommitAsync(99);
            await log.WaitForApplyAsync(99);
            machine.Publish(60, 1);
            await log.CommitAsync(100);
            await Wait.UntilAsync(() => !File.Exists(LogSegment.FileOf(folder["log"], 1)), "the files under the snapshot to go");
            Assert.Null(log.Find(60));
            Assert.Equal(61, log.Find(61)!.Index);
        }

        var refusal = Assert.Throws<LogOpenException>(() => Small(folder["log"], new ListStateMachine()));
        Assert.Contains("the snapshot asks for the log from entry 1 on", refusal.Message, StringComparison.Ordinal);

        await using var withSnapshot = Small(folder["log"], new ListStateMachine(new ListSnapshot(60, 1, [])));
        Assert.Equal((100, 1), (withSnapshot.LastEntryIndex, withSnapshot.ReadLastEntry().Term));
    }

    /// <summary>The oldest file that is left begins with entries which a later frame in it replaces from further back.</summary>
    [Fact]
    public async Task A_tail_over_two_files_that_was_replaced_comes_back_when_the_first_of_them_is_gone()
    {
        await using (var log = Small(folder["log"], machine))
        {
            await log.SetTermAsync(2);
            await log.InitializeAsync();
            for (var i = 1; i <= 20; i++) await log.FollowAsync(i, 1);
            for (var i = 10; i <= 20; i++) await log.FollowAsync(i, 2);
            await log.CommitAsync(20);
            await log.WaitForApplyAsync(20);
            machine.Publish(16, 2);
            await log.FollowAsync(21, 2);
            await log.CommitAsync(21);
            await Wait.UntilAsync(() => !File.Exists(LogSegment.FileOf(folder["log"], 1)), "the first file to go");
        }

        await using var restarted = Small(folder["log"], new ListStateMachine(new ListSnapshot(16, 2, [])));
        Assert.Equal(new EntryId(21, 2), restarted.ReadLastEntry());
    }

    [Fact]
    public async Task Behind_an_installed_snapshot_the_log_begins_anew_also_after_a_kill()
    {
        await using var log = Small(folder["log"], machine);
        await log.InitializeAsync();
        await log.FollowAsync(1, 1, 1, 1);
        var snapshot = new ListSnapshot(50, 4, []);
        await ((IPersistentState)log).AppendAsync(snapshot, snapshot.Index);
        await log.SetTermAsync(5);
        Assert.Equal(new EntryId(50, 4), log.ReadLastEntry());
        Assert.Equal((50, 50), (log.LastCommittedEntryIndex, log.LastAppliedIndex));
        await log.FollowAsync(51, 5);

        await using var afterKill = Small(folder.Image(folder["log"]), new ListStateMachine(snapshot));
        Assert.Equal(new EntryId(51, 5), afterKill.ReadLastEntry());
    }

    /// <summary>The snapshot is on the disk before the log says that it begins behind it.</summary>
    [Fact]
    public async Task A_kill_between_a_snapshot_and_its_log_is_made_good()
    {
        await using (var log = Small(folder["log"], machine))
        {
            await log.SetTermAsync(1);
            await log.FollowAsync(1, 1, 1, 1);
        }

        var snapshot = new ListSnapshot(50, 4, []);
        await using (var log = Small(folder["log"], new ListStateMachine(snapshot)))
        {
            Assert.Equal(new EntryId(50, 4), log.ReadLastEntry());
            await log.SetTermAsync(5);
            await log.FollowAsync(51, 5);
        }

        await using var again = Small(folder["log"], new ListStateMachine(snapshot));
        Assert.Equal(new EntryId(51, 5), again.ReadLastEntry());
    }

    /// <summary>What another leader wrote behind the place of the snapshot is in nobody's majority.</summary>
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    public async Task A_tail_behind_a_snapshot_stays_if_the_log_has_the_snapshots_own_entry(long snapshotTerm, long last)
    {
        await using (var log = Small(folder["log"], machine))
        {
            await log.SetTermAsync(2);
            await log.FollowAsync(1, 1, 1, 1);
        }

        await using var restarted = Small(folder["log"], new ListStateMachine(new ListSnapshot(2, snapshotTerm, [])));
        Assert.Equal(last, restarted.LastEntryIndex);
    }

    private static DurableLog Small(string location, ListStateMachine machine) => DurableLog.Open(location, machine, segmentBytes: SmallSegment);

    /// <summary>One request of a leader whose connection breaks after some entries.</summary>
    private sealed class BreakingRequest(long term, int entries) : ILogEntryProducer<BinaryLogEntry>
    {
        private int given;

        public long RemainingCount => entries + 1 - given;

        public BinaryLogEntry Current => Logs.Entry(term, $"{given}");

        public ValueTask<bool> MoveNextAsync() =>
            given++ < entries ? ValueTask.FromResult(true) : throw new IOException("The connection broke.");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
