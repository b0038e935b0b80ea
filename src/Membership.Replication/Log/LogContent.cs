namespace Membership.Replication.Log;

/// <summary>What the files of a log hold: read once, at a start or by a tool.</summary>
/// <remarks>
/// <para>The log ends where nothing was written yet. Before that, a frame that cannot be read is either what a crash left of a last write, or
/// damage: it was a write if a sector of it is still empty and no later frame knew it to be on the disk. Such a write was never
/// acknowledged, so it is passed over. Nothing is passed over for being damaged.</para>
/// <para>Not thread-safe.</para>
/// </remarks>
internal sealed class LogContent
{
    private LogContent()
    {
    }

    /// <summary>The segments, oldest first. The last one goes on being written, unless it is closed.</summary>
    public List<LogSegment> Segments { get; } = [];

    /// <summary>The entries.</summary>
    public LogEntries Entries { get; } = new();

    /// <summary>The greatest commit index that a frame notes; the truth may be further on.</summary>
    public long CommitIndex { get; private set; }

    /// <summary>Whether a write that a crash cut short stands behind the end, and has to be emptied before anything is written there.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>What is damaged, the entries before it being good; null when nothing is.</summary>
    public LogOpenException? Damage { get; private set; }

    /// <summary>Reads a folder and changes nothing.</summary>
    public static LogContent Read(string folder)
    {
        var content = new LogContent();
        try
        {
            content.ReadSegments(folder, LogSegment.NumbersIn(folder));
        }
        catch (LogOpenException e)
        {
            content.Damage = e;
        }

        return content;
    }

    /// <summary>Null when the log goes on from a snapshot; what is missing otherwise.</summary>
    /// <param name="snapshotIndex">The snapshot's index; 0 without one.</param>
    public LogOpenException? BeginsBehind(long snapshotIndex) => Entries.Beginning.Index <= snapshotIndex
        ? null
        : new(
            LogSegment.FileOf(Path.GetDirectoryName(Segments[0].File)!, Segments[0].Number - 1),
            $"it is missing: the snapshot asks for the log from entry {snapshotIndex + 1} on, and the file behind it begins with entry {Entries.Beginning.Index + 1}");

    private void ReadSegments(string folder, int[] numbers)
    {
        if (numbers.Length == 0) throw new LogOpenException(LogSegment.FileOf(folder, 1), "it is missing");
        for (var number = numbers[0]; number <= numbers[^1]; number++)
        {
            var segment = LogSegment.Read(folder, number);
            var isNext = Segments.Count == 0 || Segments[^1].IsClosed;
            if (!isNext)
            {
                // Made ahead of its use.
                if (segment.Memory.Span[LogSegment.HeaderBytes..].ContainsAnyExcept((byte)0))
                    throw new LogOpenException(Segments[^1].File, "it does not say that the log goes on in the next one, and it does");
                continue;
            }

            Segments.Add(segment);
            ReadFrames(segment);
        }

        if (Segments[^1].IsClosed) throw new LogOpenException(LogSegment.FileOf(folder, Segments[^1].Number + 1), "it is missing");
    }

    private void ReadFrames(LogSegment segment)
    {
        var bytes = segment.Memory.Length;
        while (segment.End <= bytes - LogFrame.SectorBytes)
        {
            if (LogFrame.TryRead(segment.Memory, segment.Position) is not { } frame) break;
            var end = segment.End + frame.PaddedBytes;
            Take(segment, frame, new(segment.Number, end));
            segment.End = end;
        }

        if (segment.Memory.Span[segment.End..].ContainsAnyExcept((byte)0)) PassOverTorn(segment);
    }

    private void Take(LogSegment segment, in LogFrame frame, LogPosition end)
    {
        // The log's first entry stands behind a snapshot, or behind nothing: its owner knows.
        if (frame is { Kind: LogFrameKind.Entries, Count: > 0 } && IsBefore(frame.FirstIndex)) Entries.BeginAt(new(frame.FirstIndex - 1, 0));
        if (!Entries.TryTake(frame, end))
            throw new LogOpenException(segment.File, $"its frame at {segment.End} does not go on from entry {Entries.LastIndex}");
        if (frame.Kind == LogFrameKind.Beginning) Segments.ForEach(earlier => earlier.LastIndex = 0);
        else segment.LastIndex = long.Max(segment.LastIndex, frame.FirstIndex + frame.Count - 1);
        CommitIndex = long.Max(CommitIndex, frame.CommitIndex);
    }

    // Nothing was read yet; or all that was is replaced from further back, by entries of which the earlier ones went with an older file.
    private bool IsBefore(long index) => Entries is { LastIndex: 0, Beginning.Index: 0 } || (Entries.Beginning.Term == 0 && index <= Entries.Beginning.Index);

    private void PassOverTorn(LogSegment segment)
    {
        if (segment.IsClosed || !LogFrame.IsTorn(segment.Memory.Span, segment.Position) || WasDurable(segment))
            throw new LogOpenException(segment.File, $"its frame at {segment.End}, behind entry {Entries.LastIndex}, is damaged");
        IsTorn = true;
    }

    // What was written later, be it in the same write, says how far the log was on the disk before.
    private static bool WasDurable(LogSegment segment)
    {
        for (var at = segment.End + LogFrame.SectorBytes; at <= segment.Memory.Length - LogFrame.SectorBytes; at += LogFrame.SectorBytes)
        {
            if (LogFrame.TryRead(segment.Memory, new(segment.Number, at)) is { } later && later.DurableEnd > segment.Position) return true;
        }

        return false;
    }
}
