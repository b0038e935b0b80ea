using System.Text;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Membership.Cluster.Tests.Canaries;
using Membership.Replication.Log;
using Xunit;

namespace Membership.Cluster.Tests.Log;

/// <summary>What <see cref="DurableLog"/> promises beyond the repair of single facts.</summary>
public sealed class DurableLogTests : IDisposable
{
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
    public async Task A_flush_that_was_given_up_is_waited_for_by_the_next_request()
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

        static async Task Append(DurableLog log, CancellationToken token) =>
            await ((IAuditTrail<IRaftLogEntry>)log).AppendAsync(
                LogEntryProducer<BinaryLogEntry>.Of(Logs.Entry(1, "1@1")), 1, skipCommitted: true, token);
    }

    [Fact]
    public async Task A_mark_that_the_disk_does_not_take_counts_as_a_pending_flush()
    {
        using var held = new SemaphoreSlim(0);
        var time = new ManualTime();
        await using var log = DurableLog.Open(folder["log"], machine, time, held.Wait);
        await log.FollowAsync(1, 1, 1, 1);
        var replacing = Task.Run(() => log.FollowAsync(2, 2));
        await Wait.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return log.PendingFlush > TimeSpan.FromSeconds(10);
            },
            "the write to be seen");
        Assert.False(replacing.IsCompleted);
        held.Release();
        await replacing.WaitAsync(Logs.Soon);
        Assert.Equal(TimeSpan.Zero, log.PendingFlush);
        await log.AssertTermsAsync(1, 2);
    }

    /// <summary>The mark of a replaced tail outlives a request that was given up; it must not outlive a commit.</summary>
    [Fact]
    public async Task A_replaced_tail_whose_request_was_given_up_is_kept_once_this_node_leads_and_commits_it()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        await log.SetTermAsync(4);
        await log.FollowAsync(1, 2, 2, 2, 2);
        using var timeout = new CancellationTokenSource();
        Task abandoned;
        using (await log.ReadAsync(1, 1))
        {
            // The reader keeps the replacement waiting; the request ends meanwhile, and so nobody asks for the flush.
            abandoned = Append(log, timeout.Token);
            await timeout.CancelAsync();
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        Assert.Equal(2, log.LastEntryIndex);

        await log.AppendAsync(Logs.Entry(4, "mine"));
        await log.CommitAsync(3).AsTask().WaitAsync(Logs.Soon);

        await using var afterKill = Logs.Durable(folder.Image(folder["log"]), new ListStateMachine());
        await afterKill.AssertTermsAsync(2, 3, 4);

        static async Task Append(DurableLog log, CancellationToken token) =>
            await ((IAuditTrail<IRaftLogEntry>)log).AppendAsync(
                LogEntryProducer<BinaryLogEntry>.Of(Logs.Entry(3, "2@3")), 2, skipCommitted: true, token);
    }

    [Fact]
    public async Task A_flush_and_a_commit_at_the_same_time_are_both_done()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        await log.SetTermAsync(1);
        for (var i = 1; i <= 200; i++)
        {
            await log.AppendAsync(Logs.Entry(1, $"{i}"));
            await Task.WhenAll(log.FlushAsync(), log.CommitAsync(i).AsTask(), log.FlushAsync()).WaitAsync(Logs.Soon);
        }

        await log.WaitForApplyAsync(200);
        Assert.Equal(200, machine.Payloads.Length);
    }

    [Fact]
    public async Task The_last_entry_is_named_by_index_and_term()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        Assert.Equal(new EntryId(0, 0), await log.ReadLastEntryAsync(CancellationToken.None));

        await log.FollowAsync(1, 1, 4);

        Assert.Equal(new EntryId(2, 4), await log.ReadLastEntryAsync(CancellationToken.None));
        Assert.Equal(1, await log.ReadTermAsync(1, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => log.ReadTermAsync(3, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task A_failed_apply_is_reported_as_a_failure_of_the_log()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        machine.Applying = _ => throw new InvalidDataException("broken");
        var failure = log.WaitForFailureAsync(CancellationToken.None);

        await log.FollowAsync(1, 1);
        await log.CommitAsync(1);

        await Assert.ThrowsAsync<WriteAheadLog.InternalException>(() => failure.WaitAsync(Logs.Soon));
    }

    [Fact]
    public async Task A_second_log_is_kept_out_of_the_folder()
    {
        await using var log = Logs.Durable(folder["log"], machine);

        var refusal = Assert.Throws<LogOpenException>(() => Logs.Durable(folder["log"], new ListStateMachine()));
        Assert.Equal(folder["log/overwrite"], refusal.File);
    }

    [Fact]
    public async Task A_log_that_begins_behind_the_snapshot_refuses_to_open()
    {
        await using (var log = Logs.Durable(folder["log"], machine))
        {
            await log.SetTermAsync(1);
            await log.FollowAsync(1, [.. Enumerable.Repeat(1L, 300)]);
            await log.CommitAsync(300);
            await log.WaitForApplyAsync(300);
            machine.Publish(200, 1);
            await log.FollowAsync(301, 1);
            await Wait.UntilAsync(() => !File.Exists(folder["log/metadata/0"]), "the pages under the snapshot to go");
        }

        var refusal = Assert.Throws<LogOpenException>(() => Logs.Durable(folder["log"], new ListStateMachine()));
        Assert.Equal(folder["log/metadata/0"], refusal.File);

        await using var withSnapshot = Logs.Durable(folder["log"], new ListStateMachine(new ListSnapshot(200, 1, [])));
        Assert.Equal(301, withSnapshot.LastEntryIndex);
    }

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
