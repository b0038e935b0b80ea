namespace Membership.Replication.Log;

/// <summary>
/// Brings frames to the disk, in their order: what was appended while one write was on its way goes with the next one. One thread writes, as
/// a write takes its thread along for as long as the disk needs.
/// </summary>
/// <remarks>Thread-safe; appends come one at a time, from an owner that sees to it.</remarks>
internal sealed class LogWriter : IDisposable
{
    private const long NotWriting = long.MinValue;

    private readonly Lock _sync = new();
    private readonly object _wanted = new();
    private readonly string _folder;
    private readonly int _segmentBytes;
    private readonly TimeProvider _time;
    private readonly Action? _beforeWrite;
    private readonly Action<TimeSpan>? _onWrite;
    private readonly Thread _thread;
    private readonly List<LogSegment> _segments;
    private readonly Queue<LogSegment> _unwritten = [];
    private readonly TaskCompletionSource _failed = NewSource();
    private LogSegment _active;
    private TaskCompletionSource _current = NewSource();
    private TaskCompletionSource _next = NewSource();
    private LogPosition _writing;
    private LogPosition _durable;
    private Task _making = Task.CompletedTask;
    private long _writeStarted = NotWriting;
    private long _lastWriteTicks;
    private bool _isWanted;
    private bool _isEnding;

    /// <param name="folder">The log's folder.</param>
    /// <param name="segments">All segments; the last one is written on from its end.</param>
    /// <param name="segmentBytes">The usual size of a segment.</param>
    /// <param name="time">The clock of the gauges.</param>
    /// <param name="beforeWrite">Stands in for a disk that does not take a write, in tests.</param>
    /// <param name="onWrite">Hears how long each write took.</param>
    public LogWriter(
        string folder, IReadOnlyList<LogSegment> segments, int segmentBytes, TimeProvider time, Action? beforeWrite, Action<TimeSpan>? onWrite)
    {
        _folder = folder;
        _segments = [.. segments];
        _segmentBytes = segmentBytes;
        _time = time;
        _beforeWrite = beforeWrite;
        _onWrite = onWrite;
        _active = _segments[^1];
        _active.Open();
        _unwritten.Enqueue(_active);
        _writing = _durable = _active.Position;
        MakeNext(_active.Number + 1);
        _thread = new(Run) { IsBackground = true, Name = "Membership log" };
        _thread.Start();
    }

    /// <summary>For how long the write in progress has been running, zero without one.</summary>
    public TimeSpan PendingWrite => Interlocked.Read(ref _writeStarted) is var started and not NotWriting ? _time.GetElapsedTime(started) : TimeSpan.Zero;

    /// <summary>How long the last write took.</summary>
    public TimeSpan LastWrite => TimeSpan.FromTicks(Interlocked.Read(ref _lastWriteTicks));

    /// <summary>Fails with the failure after which nothing is written any more.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Makes a frame of entries and has it written.</summary>
    /// <returns>The frame and the place behind it.</returns>
    /// <exception cref="LogFailedException">A write has failed.</exception>
    public (LogFrame Frame, LogPosition End) Append(long firstIndex, ReadOnlySpan<NewEntry> entries, long commitIndex)
    {
        lock (_sync)
        {
            var segment = Reserve(LogFrame.SizeOf(entries));
            var frame = LogFrame.Write(segment.Memory[segment.End..], segment.Position, firstIndex, entries, commitIndex, _durable);
            segment.LastIndex = long.Max(segment.LastIndex, firstIndex + entries.Length - 1);
            return (frame, Release(segment, frame));
        }
    }

    /// <summary>Makes a frame that voids all before it.</summary>
    /// <inheritdoc cref="Append" path="/returns|/exception"/>
    public (LogFrame Frame, LogPosition End) AppendBeginning(EntryId snapshot)
    {
        lock (_sync)
        {
            var segment = Reserve(LogFrame.BeginningBytes);
            var frame = LogFrame.WriteBeginning(segment.Memory[segment.End..], segment.Position, snapshot, _durable);
            return (frame, Release(segment, frame));
        }
    }

    /// <summary>Returns when everything before a position is on the disk.</summary>
    /// <exception cref="LogFailedException">It will never be.</exception>
    public Task WaitAsync(LogPosition position)
    {
        lock (_sync)
        {
            if (position <= _durable) return Task.CompletedTask;
            if (_failed.Task.IsFaulted) return _failed.Task;
            return position <= _writing ? _current.Task : _next.Task;
        }
    }

    /// <summary>What is before a frame that voids it, and that is on the disk, need not be kept.</summary>
    public void ForgetBefore(LogPosition end)
    {
        lock (_sync)
        {
            foreach (var segment in _segments)
            {
                if (segment.Number < end.Segment) segment.LastIndex = 0;
            }
        }
    }

    /// <summary>Removes the segments whose entries all are below a snapshot; the one that is written stays.</summary>
    public void DropThrough(long index)
    {
        lock (_sync)
        {
            while (_segments.Count > 1 && !_unwritten.Contains(_segments[0]) && _segments[0].LastIndex <= index)
            {
                _segments[0].Delete();
                _segments.RemoveAt(0);
            }
        }
    }

    /// <summary>Writes what was appended, and ends. Waits for a disk that does not answer.</summary>
    public void Dispose()
    {
        lock (_wanted)
        {
            _isEnding = true;
            Monitor.Pulse(_wanted);
        }

        _thread.Join();
        _making.ContinueWith(static made => _ = made.Exception, TaskScheduler.Default).Wait();
        foreach (var segment in _segments) segment.Dispose();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LogSegment Reserve(int bytes)
    {
        if (_failed.Task.IsFaulted) throw new LogFailedException("A write has failed.", _failed.Task.Exception!.InnerException!);
        if (_active.End + bytes <= _active.Memory.Length) return _active;
        _active = LogSegment.New(_folder, _active.Number + 1, LogSegment.SizeFor(bytes, _segmentBytes));
        _segments.Add(_active);
        _unwritten.Enqueue(_active);
        return _active;
    }

    private LogPosition Release(LogSegment segment, in LogFrame frame)
    {
        segment.End += frame.PaddedBytes;
        lock (_wanted)
        {
            if (!_isWanted) Monitor.Pulse(_wanted);
            _isWanted = true;
        }

        return segment.Position;
    }

    private void Run()
    {
        try
        {
            while (WaitUntilWanted()) WriteAll();
            WriteAll();
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    // Asleep at once: spinning would take the processor from those whose append it waits for.
    private bool WaitUntilWanted()
    {
        lock (_wanted)
        {
            while (!_isWanted && !_isEnding) Monitor.Wait(_wanted);
            _isWanted = false;
            return !_isEnding;
        }
    }

    private void WriteAll()
    {
        var group = new List<(LogSegment Segment, int From, int To)>();
        while (TakeGroup(group))
        {
            var started = _time.GetTimestamp();
            Interlocked.Exchange(ref _writeStarted, started);
            _beforeWrite?.Invoke();
            foreach (var (segment, from, to) in group) Write(segment, from, to);
            Interlocked.Exchange(ref _writeStarted, NotWriting);
            var took = _time.GetElapsedTime(started);
            Interlocked.Exchange(ref _lastWriteTicks, took.Ticks);
            _onWrite?.Invoke(took);
            Finish();
        }
    }

    // What is there now; false when that is nothing. The segments within follow each other.
    private bool TakeGroup(List<(LogSegment Segment, int From, int To)> group)
    {
        group.Clear();
        lock (_sync)
        {
            if (_durable == _active.Position) return false;
            foreach (var segment in _unwritten)
            {
                var from = segment.Number == _durable.Segment ? _durable.Offset : LogSegment.HeaderBytes;
                group.Add((segment, from, segment.End));
            }

            _writing = _active.Position;
            (_current, _next) = (_next, NewSource());
            return true;
        }
    }

    private void Write(LogSegment segment, int from, int to)
    {
        if (segment.Number > _durable.Segment) Begin(segment);
        if (to > from) segment.Write(from, to);
    }

    // The one before says that the log goes on here, when there is a file to go on in.
    private void Begin(LogSegment segment)
    {
        // If it failed, it is tried once more here.
        _making.ContinueWith(static made => _ = made.Exception, TaskScheduler.Default).Wait();
        LogSegment.CreateFile(_folder, segment.Number, segment.Bytes);
        segment.Open();
        LogSegment before;
        lock (_sync) before = _segments.Find(other => other.Number == segment.Number - 1)!;
        before.Close();
        MakeNext(segment.Number + 1);
    }

    private void MakeNext(int number) => _making = Task.Run(() => LogSegment.CreateFile(_folder, number, _segmentBytes));

    private void Finish()
    {
        TaskCompletionSource done;
        lock (_sync)
        {
            _durable = _writing;
            while (_unwritten.Peek() != _active && _unwritten.Peek().Number < _durable.Segment) _unwritten.Dequeue();
            done = _current;
        }

        done.SetResult();
    }

    private void Fail(Exception cause)
    {
        var failure = new LogFailedException($"A write has failed: {cause.Message}", cause);
        lock (_sync)
        {
            foreach (var source in new[] { _failed, _current, _next })
            {
                if (source.TrySetException(failure)) _ = source.Task.Exception;
            }
        }

        Interlocked.Exchange(ref _writeStarted, NotWriting);
    }
}
