using System.Runtime.ExceptionServices;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using DotNext.Threading;

namespace Membership.Replication.Log;

/// <summary>
/// The package's write-ahead log, made to keep what it acknowledges: a follower's append returns when the entries are on its disk, a
/// tail that another leader replaces survives a crash at any moment, and a damaged log refuses to open.
/// </summary>
/// <remarks>
/// <para>The cluster calls through <see cref="IAuditTrail{TEntry}"/>, which this class implements anew; the package's methods of the same
/// name stay as they are. <c>DESIGN.md</c> beside this file has the reasons one by one.</para>
/// <para>Thread-safe as the package's log is: one appending follower at a time, which the cluster sees to, and any number of readers.</para>
/// </remarks>
internal sealed class DurableLog : WriteAheadLog, IAuditTrail<IRaftLogEntry>
{
    /// <summary>The most that one round hands to a follower, in bytes, unless a single entry is larger.</summary>
    public const long ReplicationCutBytes = 4 << 20;

    private const long NotFlushing = long.MinValue;

    // The package wakes one waiter when a flush ends, and dies of a second one.
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly OverwriteMark _mark;
    private readonly TimeProvider _time;
    private readonly Action? _beforeMark;
    private readonly Action<TimeSpan>? _onFlush;
    private readonly TaskCompletionSource _replaceFailed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _flushStarted = NotFlushing;
    private long _lastFlushTicks;

    private DurableLog(string location, IStateMachine stateMachine, OverwriteMark mark, TimeProvider time, Action? beforeMark, Action<TimeSpan>? onFlush)
        : base(
            new Options
            {
                Location = location,
                ChunkSize = LogFiles.ChunkBytes,
                MemoryManagement = MemoryManagementStrategy.PrivateMemory,
                HashAlgorithm = IntegrityHashAlgorithm.XxHash3,
            },
            stateMachine)
    {
        _mark = mark;
        _time = time;
        _beforeMark = beforeMark;
        _onFlush = onFlush;
    }

    /// <summary>How long the last flush or commit took that had to wait for the disk, from the moment it had the log to itself.</summary>
    public TimeSpan LastFlush => TimeSpan.FromTicks(Interlocked.Read(ref _lastFlushTicks));

    /// <summary>
    /// For how long the flush, commit or replacement of a tail in progress has been running, zero without one. A caller that gave up on it does not end it:
    /// a host fences a replica by this figure.
    /// </summary>
    public TimeSpan PendingFlush => Interlocked.Read(ref _flushStarted) is var started and not NotFlushing ? _time.GetElapsedTime(started) : TimeSpan.Zero;

    /// <summary>Opens the log, or makes a new one where there is none, and starts to apply what is committed.</summary>
    /// <param name="location">The log's own folder.</param>
    /// <param name="stateMachine">The state machine, its snapshot restored already: the log starts from that snapshot's index.</param>
    /// <param name="time">The clock of the gauges; the system's by default.</param>
    /// <param name="beforeMark">Stands in for a disk that does not take a mark, in tests.</param>
    /// <param name="onFlush">Hears how long each flush or commit took that had to wait for the disk.</param>
    /// <exception cref="LogOpenException">A file of the log is missing, damaged or in use.</exception>
    public static DurableLog Open(
        string location, IStateMachine stateMachine, TimeProvider? time = null, Action? beforeMark = null, Action<TimeSpan>? onFlush = null)
    {
        var folder = Path.GetFullPath(location);
        var mark = LogFolder.Prepare(folder, stateMachine.Snapshot?.Index ?? 0);
        try
        {
            return new DurableLog(folder, stateMachine, mark, time ?? TimeProvider.System, beforeMark, onFlush);
        }
        catch (Exception e)
        {
            mark.Dispose();
            if (e is IOException or UnauthorizedAccessException)
                throw new LogOpenException(folder, e.Message, e);
            throw;
        }
    }

    /// <summary>The last entry of the log: on a leader, an entry of its own term.</summary>
    public async ValueTask<EntryId> ReadLastEntryAsync(CancellationToken token)
    {
        while (true)
        {
            var index = LastEntryIndex;
            try
            {
                return new(index, await ReadTermAsync(index, token));
            }
            catch (ArgumentOutOfRangeException) when (index > LastEntryIndex)
            {
                // Another leader cut the tail off in between: look again.
            }
        }
    }

    /// <summary>The term of the entry at <paramref name="index"/>; 0 for index 0, the snapshot's for what lies under the snapshot.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The log has no such entry: it never had, or another leader cut it off.</exception>
    public async ValueTask<long> ReadTermAsync(long index, CancellationToken token)
    {
        if (index == 0)
            return 0;
        using var reader = await ReadAsync(index, index, token);
        return reader[0].Term;
    }

    /// <summary>Waits until the log has failed for good, and throws that failure: the replica has to stop.</summary>
    /// <exception cref="WriteAheadLog.InternalException">A flush, an apply or a clean-up failed.</exception>
    /// <exception cref="IOException">A tail was replaced in part only.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task WaitForFailureAsync(CancellationToken token)
    {
        try
        {
            await await Task.WhenAny(WaitForApplyAsync(long.MaxValue, token).AsTask(), _replaceFailed.Task);
        }
        catch (PendingTaskInterruptedException e) when (e.InnerException is InternalException failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Returns when everything appended before the call is on the disk.</summary>
    /// <remarks>Cancelling gives up the waiting, not the flush.</remarks>
    public new Task FlushAsync(CancellationToken token = default) => TakeGateAsync(null, token);

    /// <summary>Commits up to <paramref name="endIndex"/>, once that is on the disk.</summary>
    /// <returns>The number of entries that this call committed.</returns>
    public new async ValueTask<long> CommitAsync(long endIndex, CancellationToken token = default) => await TakeGateAsync(endIndex, token);

    ValueTask<long> IAuditTrail.CommitAsync(long endIndex, CancellationToken token) => CommitAsync(endIndex, token);

    async ValueTask IAuditTrail<IRaftLogEntry>.AppendAsync<TEntry>(
        ILogEntryProducer<TEntry> entries, long startIndex, bool skipCommitted, CancellationToken token)
    {
        if (!skipCommitted && startIndex <= LastCommittedEntryIndex)
            throw new InvalidOperationException($"Entry {startIndex} is committed already.");

        var received = new List<ReceivedEntry>();
        try
        {
            // All of it before the log is touched: a connection that breaks in the middle of a replacement would leave replaced entries
            // which the package takes for flushed.
            while (await entries.MoveNextAsync())
                received.Add(await ReceivedEntry.ReadAsync(entries.Current, token));
            await MergeAsync(received, startIndex, token);
        }
        finally
        {
            received.ForEach(entry => entry.Dispose());
        }

        // Also without a single new entry: those that are here already may come from an append whose flush was given up.
        await FlushAsync(token);
    }

    async ValueTask IAuditTrail<IRaftLogEntry>.AppendAsync<TEntry>(TEntry entry, long startIndex, CancellationToken token)
    {
        if (!entry.IsSnapshot)
        {
            await ((IAuditTrail<IRaftLogEntry>)this).AppendAsync(LogEntryProducer<TEntry>.Of(entry), startIndex, false, token);
            return;
        }

        // The package's flusher may hold an index from before the install and then look for pages that the snapshot made needless.
        await FlushAsync(token);
        await AppendAsync(entry, startIndex, token);
    }

    // Only the leader's replication reads with this result; everyone else gets the exact range.
    ValueTask<TResult> IAuditTrail<IRaftLogEntry>.ReadAsync<TResult>(
        ILogEntryConsumer<IRaftLogEntry, TResult> reader, long startIndex, long endIndex, CancellationToken token) =>
        typeof(TResult) == typeof(Result<ReplicationStatus>)
            ? ReadAsync(new ReplicationCut<TResult>(reader, ReplicationCutBytes), startIndex, endIndex, token)
            : ReadAsync(reader, startIndex, endIndex, token);

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        _mark.Dispose();
    }

    // The package replaces the tail even by equal entries, and so forgets acknowledged ones behind them when a request comes twice.
    // Raft replaces from the first entry that differs.
    private async ValueTask MergeAsync(List<ReceivedEntry> received, long startIndex, CancellationToken token)
    {
        var known = await CountKnownAsync(received, startIndex, token);
        if (known == received.Count)
            return;

        var added = new LogEntryProducer<ReceivedEntry>(received[known..]);
        var index = startIndex + known;
        if (index > LastEntryIndex)
            await AppendAsync(added, index, skipCommitted: false, token);
        else
            await ReplaceAsync(added, index, token);
    }

    private async ValueTask<int> CountKnownAsync(List<ReceivedEntry> received, long startIndex, CancellationToken token)
    {
        var known = (int)long.Clamp(LastCommittedEntryIndex + 1 - startIndex, 0, received.Count);
        var first = startIndex + known;
        var last = long.Min(LastEntryIndex, startIndex + received.Count - 1);
        if (first > last)
            return known;

        using var log = await ReadAsync(first, last, token);
        for (var i = 0; i < log.Count && log[i].Term == received[known].Term; i++)
            known++;
        return known;
    }

    private async ValueTask ReplaceAsync(LogEntryProducer<ReceivedEntry> added, long index, CancellationToken token)
    {
        // The package forgets what was waiting for a flush below the index that it replaces from.
        await FlushAsync(token);

        // Under the gate, so that no flush from before the replacement clears its mark.
        await _gate.WaitAsync(token);

        // The mark is a write like any other: a disk that does not answer holds it, and this thread with it.
        Interlocked.Exchange(ref _flushStarted, _time.GetTimestamp());
        try
        {
            _beforeMark?.Invoke();
            _mark.Set(index);
            await ReplaceMarkedAsync(added, index);
        }
        finally
        {
            Interlocked.Exchange(ref _flushStarted, NotFlushing);
            _gate.Release();
        }
    }

    private async ValueTask ReplaceMarkedAsync(LogEntryProducer<ReceivedEntry> added, long index)
    {
        try
        {
            await AppendAsync(added, index, skipCommitted: false, CancellationToken.None);
        }
        catch (Exception e)
        {
            _replaceFailed.TrySetException(new IOException($"The entries from {index} on were replaced in part only.", e));
            throw;
        }
    }

    private async Task<long> TakeGateAsync(long? commitIndex, CancellationToken token)
    {
        await _gate.WaitAsync(token);
        return await FlushAndReleaseGateAsync(commitIndex).WaitAsync(token);
    }

    // Not cancellable: what was started is on its way to the disk, and the gauge must go on until it is there.
    private async Task<long> FlushAndReleaseGateAsync(long? commitIndex)
    {
        var started = _time.GetTimestamp();
        try
        {
            if (_replaceFailed.Task.IsFaulted)
                await _replaceFailed.Task;
            var work = FlushOrCommitAsync(commitIndex);
            if (work.IsCompleted)
                return await work;

            Interlocked.Exchange(ref _flushStarted, started);
            var committed = await work;
            var took = _time.GetElapsedTime(started);
            Interlocked.Exchange(ref _lastFlushTicks, took.Ticks);
            _onFlush?.Invoke(took);
            return committed;
        }
        finally
        {
            Interlocked.Exchange(ref _flushStarted, NotFlushing);
            _gate.Release();
        }
    }

    // A replaced tail is committed without its mark only: the request that replaced it may have been given up before its flush, and
    // this node may lead by now.
    private async Task<long> FlushOrCommitAsync(long? commitIndex)
    {
        if (commitIndex is null || _mark.Index > 0)
            await base.FlushAsync(CancellationToken.None);
        if (_mark.Index > 0)
            _mark.Clear();
        return commitIndex is { } index ? await base.CommitAsync(index, CancellationToken.None) : 0;
    }
}
