namespace Membership.Replication.Log;

// What is committed, and the note of it in the files.
internal sealed partial class DurableLog
{
    // A frame says what was committed when it was made. Where none follows, what was committed since is noted so soon.
    private static readonly TimeSpan NotePeriod = TimeSpan.FromMilliseconds(50);

    private readonly ITimer _noting;
    private long _notedCommit;
    private long _notedBefore;
    private bool _isNoting;

    /// <summary>Commits up to <paramref name="endIndex"/>, once that is on the disk.</summary>
    /// <returns>The number of entries that this call committed.</returns>
    public new ValueTask<long> CommitAsync(long endIndex, CancellationToken token = default)
    {
        ThrowIfFailed();
        LogPosition end;
        lock (_sync)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(endIndex, _entries.LastIndex);
            end = _entries[endIndex]?.End ?? default;
        }

        var written = _writer.WaitAsync(end);
        return written.IsCompletedSuccessfully ? new(Commit(endIndex)) : WaitAsync();

        async ValueTask<long> WaitAsync()
        {
            await written.WaitAsync(token);
            return Commit(endIndex);
        }
    }

    private long Commit(long index)
    {
        var more = _apply.Commit(index);
        if (more == 0) return 0;
        DropBelowSnapshot();
        if (!Interlocked.Exchange(ref _isNoting, true)) WaitToNote();
        return more;
    }

    private void WaitToNote()
    {
        lock (_sync) _notedBefore = _notedCommit;
        _noting.Change(NotePeriod, Timeout.InfiniteTimeSpan);
    }

    // As long as frames come they say it.
    private void NoteCommit()
    {
        bool isIdle;
        lock (_sync)
        {
            isIdle = _notedCommit == _notedBefore;
            if (isIdle)
            {
                Volatile.Write(ref _isNoting, false);
                WriteNote();
            }
        }

        if (!isIdle) WaitToNote();
    }

    // So that a start without a leader knows what was committed. Nobody waits for it.
    private void WriteNote()
    {
        if (_isClosed || _notedCommit >= _apply.Committed || _writer.Failed.IsFaulted) return;
        try
        {
            _writer.Append(_entries.LastIndex + 1, [], _notedCommit = _apply.Committed);
        }
        catch (LogFailedException)
        {
            // Whoever appends or waits hears of it.
        }
    }
}
