using System.Runtime.InteropServices;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace Membership.Replication.Log;

/// <summary>
/// The replica's log: what it acknowledges is on its disk, a tail that another leader replaces survives a crash at any moment, and a damaged log
/// refuses to open.
/// </summary>
/// <remarks>
/// <para>The cluster calls through <see cref="IAuditTrail{TEntry}"/>, which this class implements anew, files and all. Of the package's log, which
/// alone can give a cluster its place for configurations, it keeps the file of term and vote; that log has no entries.
/// <c>DESIGN.md</c> beside this file has the reasons.</para>
/// <para>Thread-safe: one append at a time, which the cluster sees to, and any number of readers.</para>
/// </remarks>
internal sealed partial class DurableLog : WriteAheadLog, IAuditTrail<IRaftLogEntry>
{
    /// <summary>The most that one round hands to a follower, in bytes, unless a single entry is larger.</summary>
    public const long ReplicationCutBytes = 4 << 20;

    private const int OverheadBytes = 64; // so that a run of empty entries has an end, too

    private const int ListedAtOnceMax = 64; // more grow: most rounds carry one

    private readonly Lock _sync = new();
    private readonly LogFolder _folder;
    private readonly LogEntries _entries;
    private readonly LogWriter _writer;
    private readonly ApplyLoop _apply;
    private readonly ILogApplier _applier;
    private readonly List<NewEntry> _appending = [];
    private LogPosition _end;
    private Task _dropping = Task.CompletedTask;
    private bool _isClosed;

    private DurableLog(LogFolder folder, LogContent content, ILogApplier applier, LogWriter writer, TimeProvider time)
        : base(VoteFile.Options(folder.Path), VoteFile.NoEntries)
    {
        _folder = folder;
        _entries = content.Entries;
        _applier = applier;
        _writer = writer;
        _notedCommit = content.CommitIndex;
        _noting = time.CreateTimer(static log => ((DurableLog)log!).NoteCommit(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var snapshotIndex = applier.Snapshot?.Index ?? 0;
        _apply = new(applier, snapshotIndex, long.Max(snapshotIndex, content.CommitIndex), Find, () => ConfigurationStorage);
    }

    /// <summary>The last entry's index; the snapshot's when there is no entry behind it.</summary>
    public new long LastEntryIndex
    {
        get
        {
            lock (_sync) return _entries.LastIndex;
        }
    }

    /// <summary>The last index that is committed, as far as this replica knows.</summary>
    public new long LastCommittedEntryIndex => _apply.Committed;

    /// <summary>The last index that was applied.</summary>
    public new long LastAppliedIndex => _apply.Applied;

    /// <summary>How long the last write took.</summary>
    public TimeSpan LastFlush => _writer.LastWrite;

    /// <summary>
    /// For how long the write in progress has been running, zero without one. A caller that gave up on it does not end it: a host fences a
    /// replica by this figure.
    /// </summary>
    public TimeSpan PendingFlush => _writer.PendingWrite;

    bool IAuditTrail.IsLogEntryLengthAlwaysPresented => true;

    /// <summary>Opens the log, or makes a new one where there is none.</summary>
    /// <param name="location">The log's own folder.</param>
    /// <param name="applier">The state machine, its snapshot restored already: the log starts from that snapshot's index.</param>
    /// <param name="time">The clock of the gauges; the system's by default.</param>
    /// <param name="beforeWrite">Stands in for a disk that does not take a write, in tests.</param>
    /// <param name="onFlush">Hears how long each write took.</param>
    /// <param name="segmentBytes">The usual size of a file of the log.</param>
    /// <exception cref="LogOpenException">A file of the log is missing, damaged or in use.</exception>
    public static DurableLog Open(
        string location,
        ILogApplier applier,
        TimeProvider? time = null,
        Action? beforeWrite = null,
        Action<TimeSpan>? onFlush = null,
        int segmentBytes = LogSegment.UsualBytes)
    {
        var snapshot = applier.Snapshot is { } file ? new EntryId(file.Index, file.Term) : default;
        var folder = LogFolder.Open(Path.GetFullPath(location), segmentBytes);
        LogWriter? writer = null;
        try
        {
            var content = folder.Prepare(snapshot);
            time ??= TimeProvider.System;
            writer = new(folder.Path, content.Segments, segmentBytes, time, beforeWrite, onFlush);
            var log = new DurableLog(folder, content, applier, writer, time);
            log.BeginBehind(snapshot);
            return log;
        }
        catch (Exception e)
        {
            writer?.Dispose();
            folder.Dispose();
            if (e is IOException or UnauthorizedAccessException) throw new LogOpenException(folder.Path, e.Message, e);
            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task InitializeAsync(CancellationToken token = default)
    {
        _apply.Open();
        await _apply.WaitAsync(_apply.Committed, token);
    }

    /// <summary>The last entry of the log: on a leader, an entry of its own term.</summary>
    public EntryId ReadLastEntry()
    {
        lock (_sync) return new(_entries.LastIndex, _entries.LastTerm);
    }

    /// <summary>The entry at an index; null when it is not in the log, or not any more.</summary>
    public LogEntry? Find(long index)
    {
        lock (_sync) return _entries[index];
    }

    /// <summary>Waits until the log has failed for good, and throws that failure: the replica has to stop.</summary>
    /// <exception cref="LogFailedException">A write or an apply failed, or the log was closed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task WaitForFailureAsync(CancellationToken token) => await await Task.WhenAny(_writer.Failed, _apply.Failed).WaitAsync(token);

    /// <summary>Returns when everything appended before the call is on the disk.</summary>
    /// <remarks>Cancelling gives up the waiting, not the write.</remarks>
    /// <exception cref="LogFailedException">It will never be.</exception>
    public new Task FlushAsync(CancellationToken token = default)
    {
        LogPosition end;
        lock (_sync) end = _end;
        return _writer.WaitAsync(end).WaitAsync(token);
    }

    /// <summary>Appends an entry of this replica, which leads. It is on its way to the disk when this returns.</summary>
    /// <returns>Its index.</returns>
    public new async ValueTask<long> AppendAsync<TEntry>(TEntry entry, CancellationToken token = default)
        where TEntry : IRaftLogEntry
    {
        if (entry.IsSnapshot) throw new InvalidOperationException("A snapshot is no entry.");
        ThrowIfFailed();
        if (entry.TryGetMemory(out var payload)) return AppendOwn(new(entry.Term, entry.CommandId, entry.IsConfiguration, payload), ContextOf(entry), token);
        using var received = await ReceivedEntry.ReadAsync(entry, token);
        return AppendOwn(received.Entry, ContextOf(entry), token);
    }

    /// <summary>Returns when an index was applied.</summary>
    /// <exception cref="LogFailedException">It never will be.</exception>
    public new ValueTask WaitForApplyAsync(long index, CancellationToken token = default) => new(_apply.WaitAsync(index, token));

    /// <summary>Returns when the next entry was applied.</summary>
    public new ValueTask WaitForApplyAsync(CancellationToken token = default) => WaitForApplyAsync(_apply.Applied + 1, token);

    /// <summary>Reads entries, or the snapshot and what is behind it where they are not in the log any more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The log has no such entry: it never had, or another leader cut it off.</exception>
    public new ValueTask<TResult> ReadAsync<TResult>(
        ILogEntryConsumer<IRaftLogEntry, TResult> reader, long startIndex, long endIndex, CancellationToken token = default)
    {
        // Only the leader's replication reads with this result. All that a follower lacks in one request, which RequestTimeout bounds, would
        // never arrive; what it is handed counts as what was replicated, so the rest follows and nothing commits early.
        ThrowIfFailed();
        var limit = typeof(TResult) == typeof(Result<ReplicationStatus>) ? ReplicationCutBytes : long.MaxValue;
        var entries = Read(startIndex, endIndex, limit, out var snapshot);
        return snapshot is null
            ? reader.ReadAsync<LogEntry, LogEntry[]>(entries, null, token)
            : reader.ReadAsync<IRaftLogEntry, IRaftLogEntry[]>([snapshot, .. entries], snapshot.Index, token);
    }

    // What a leader sends. Not before it is on the disk does this return, and with it the acknowledgement.
    async ValueTask IAuditTrail<IRaftLogEntry>.AppendAsync<TEntry>(
        ILogEntryProducer<TEntry> entries, long startIndex, bool skipCommitted, CancellationToken token)
    {
        if (!skipCommitted && startIndex <= LastCommittedEntryIndex)
            throw new InvalidOperationException($"Entry {startIndex} is committed already.");
        ThrowIfFailed();

        var received = new List<ReceivedEntry>();
        try
        {
            // All of it before the log is touched: a connection may break in the middle.
            while (await entries.MoveNextAsync()) received.Add(await ReceivedEntry.ReadAsync(entries.Current, token));
            Merge(received, startIndex, token);
        }
        finally
        {
            received.ForEach(entry => entry.Dispose());
        }

        // Also without a single new entry: those that are here already may come from an append that was given up.
        await FlushAsync(token);
    }

    ValueTask IAuditTrail<IRaftLogEntry>.AppendAsync<TEntry>(TEntry entry, long startIndex, CancellationToken token) =>
        entry.IsSnapshot
            ? _apply.InstallAsync(() => InstallAsync(entry, startIndex, token), token)
            : ((IAuditTrail<IRaftLogEntry>)this).AppendAsync(LogEntryProducer<TEntry>.Of(entry), startIndex, false, token);

    /// <inheritdoc/>
    protected override async ValueTask DisposeAsyncCore()
    {
        await _apply.DisposeAsync();
        lock (_sync)
        {
            WriteNote();
            _isClosed = true;
        }

        await _noting.DisposeAsync();
        await Task.Run(_writer.Dispose);
        await _dropping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.DisposeAsyncCore();
        _folder.Dispose();
    }

    // A log that applies nothing more takes nothing more either: a leader that cannot go on must not keep its place.
    private void ThrowIfFailed()
    {
        if (_apply.Failed.IsFaulted) throw _apply.Failed.Exception!.InnerException!;
        if (_writer.Failed.IsFaulted) throw _writer.Failed.Exception!.InnerException!;
    }

    private static object? ContextOf<TEntry>(TEntry entry)
        where TEntry : IRaftLogEntry => (entry as IInputLogEntry)?.Context;

    private long AppendOwn(in NewEntry entry, object? context, CancellationToken token)
    {
        lock (_sync)
        {
            // Looked at under the lock: a leadership's token is cancelled before another leader's entries come.
            token.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (entry.Term < _entries.LastTerm) throw new InvalidOperationException($"An entry of term {entry.Term} cannot follow one of term {_entries.LastTerm}.");
            var index = _entries.LastIndex + 1;
            (var frame, _end) = _writer.Append(index, [entry], _notedCommit = _apply.Committed);
            _entries.TryTake(frame, _end, context);
            return index;
        }
    }

    // Raft replaces from the first entry that differs: a request that comes twice cuts off nothing.
    private void Merge(List<ReceivedEntry> received, long startIndex, CancellationToken token)
    {
        lock (_sync)
        {
            token.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_isClosed, this);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(startIndex, _entries.LastIndex + 1);
            var known = (int)long.Clamp(_apply.Committed + 1 - startIndex, 0, received.Count);
            while (known < received.Count && IsKnown(startIndex + known, received[known].Term)) known++;
            if (known == received.Count) return;
            _appending.Clear();
            foreach (var entry in received[known..]) _appending.Add(entry.Entry);
            AppendFrames(startIndex + known);
        }
    }

    private bool IsKnown(long index, long term) => index <= _entries.LastIndex && _entries.TryGetTerm(index, out var known) && known == term;

    // A frame of usual size each, so that none needs a segment of its own.
    private void AppendFrames(long index)
    {
        var rest = CollectionsMarshal.AsSpan(_appending);
        while (rest.Length > 0)
        {
            var count = CountWithin(rest, ReplicationCutBytes);
            (var frame, _end) = _writer.Append(index, rest[..count], _notedCommit = _apply.Committed);
            _entries.TryTake(frame, _end);
            index += count;
            rest = rest[count..];
        }

        _appending.Clear();
    }

    private static int CountWithin(ReadOnlySpan<NewEntry> entries, long limitBytes)
    {
        var bytes = 0L;
        for (var i = 0; i < entries.Length; i++)
        {
            bytes += entries[i].Payload.Length + OverheadBytes;
            if (bytes > limitBytes) return int.Max(i, 1);
        }

        return entries.Length;
    }

    private LogEntry[] Read(long startIndex, long endIndex, long limitBytes, out ISnapshot? snapshot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(startIndex);
        ArgumentOutOfRangeException.ThrowIfNegative(endIndex);
        lock (_sync)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(endIndex, _entries.LastIndex);

            // What a follower lacks below the published snapshot it gets by that one, whether or not the entries have gone yet.
            var isFound = limitBytes < long.MaxValue ? startIndex > (_applier.Snapshot?.Index ?? 0) : startIndex > _entries.Beginning.Index;
            snapshot = !isFound && startIndex <= endIndex ? _applier.Snapshot : null;
            if (snapshot is not null) startIndex = snapshot.Index + 1;
            var bytes = 0L;
            var found = new List<LogEntry>((int)long.Clamp(endIndex - startIndex + 1, 0, ListedAtOnceMax));
            for (var index = startIndex; index <= endIndex && _entries[index] is { } entry; index++)
            {
                bytes += entry.Payload.Length + OverheadBytes;
                if (bytes > limitBytes && found.Count > 0) break;
                found.Add(entry);
            }

            return [.. found];
        }
    }

    private async ValueTask<long> InstallAsync(IRaftLogEntry entry, long index, CancellationToken token)
    {
        if (index <= LastCommittedEntryIndex) throw new InvalidOperationException($"Snapshot {index} is not ahead of what is committed.");
        await _applier.InstallAsync(entry, index, token);
        var snapshot = _applier.Snapshot is { } installed ? new EntryId(installed.Index, installed.Term) : new(index, entry.Term);
        if (BeginBehind(snapshot))
        {
            // Not to be given up: the entries before the snapshot are gone, so they must count as applied.
            await FlushAsync(CancellationToken.None);
            _writer.ForgetBefore(_end);
        }

        lock (_sync) Drop(snapshot.Index);
        return snapshot.Index;
    }

    // What follows the snapshot's own entry stays. A log that has another one at its place, or none, begins anew.
    private bool BeginBehind(EntryId snapshot)
    {
        lock (_sync)
        {
            if (snapshot.Index == 0 || (_entries.TryGetTerm(snapshot.Index, out var term) && term == snapshot.Term)) return false;
            (var frame, _end) = _writer.AppendBeginning(snapshot);
            _entries.TryTake(frame, _end);
            return true;
        }
    }

    private void DropBelowSnapshot()
    {
        if (_applier.Snapshot is not { Index: var index } || index > _apply.Applied) return;
        lock (_sync)
        {
            if (index > _entries.Beginning.Index) Drop(index);
        }
    }

    private void Drop(long index)
    {
        _entries.DropThrough(index);
        if (_dropping.IsCompleted) _dropping = Task.Run(() => _writer.DropThrough(index));
    }
}
