namespace Membership.Replication.Log;

/// <summary>The entries of a log, in memory: those behind a snapshot, which is their beginning.</summary>
/// <remarks>Not thread-safe: its owner calls under a lock of its own.</remarks>
internal sealed class LogEntries
{
    private const int CapacityMin = 1024;

    // An entry's slot is its index modulo the length, which is a power of two.
    private LogEntry?[] _slots = new LogEntry[CapacityMin];

    /// <summary>What the first entry stands behind.</summary>
    public EntryId Beginning { get; private set; }

    /// <summary>The last entry's index; the beginning's when there is none.</summary>
    public long LastIndex { get; private set; }

    /// <summary>The last entry's term; the beginning's when there is none.</summary>
    public long LastTerm => TryGetTerm(LastIndex, out var term) ? term : 0;

    /// <summary>The entry at an index; null when it is not here.</summary>
    public LogEntry? this[long index] => index > Beginning.Index && index <= LastIndex ? _slots[Slot(index)] : null;

    /// <summary>The term of an entry, or of the beginning. False for what is before it or behind the last.</summary>
    public bool TryGetTerm(long index, out long term)
    {
        term = index == Beginning.Index ? Beginning.Term : this[index]?.Term ?? 0;
        return index >= Beginning.Index && index <= LastIndex;
    }

    /// <summary>Adds an entry at the end.</summary>
    public void Add(LogEntry entry)
    {
        if (LastIndex - Beginning.Index == _slots.Length) Grow();
        LastIndex++;
        _slots[Slot(LastIndex)] = entry;
    }

    /// <summary>Takes in a frame that was written or read: entries from its first one on go, and its own come.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="end">The place behind it.</param>
    /// <param name="context">What the proposer of its first entry gave along.</param>
    /// <returns>False when entries between are missing; nothing is changed then.</returns>
    public bool TryTake(in LogFrame frame, LogPosition end, object? context = null)
    {
        if (frame.Kind == LogFrameKind.Beginning)
        {
            BeginAt(new(frame.FirstIndex - 1, frame.BeginningTerm));
            return true;
        }

        if (frame.Count == 0) return true;
        if (frame.FirstIndex > LastIndex + 1 || frame.FirstIndex <= Beginning.Index) return false;
        CutFrom(frame.FirstIndex);
        foreach (var entry in frame)
        {
            Add(new LogEntry(LastIndex + 1, entry) { End = end, Context = context });
            context = null;
        }

        return true;
    }

    /// <summary>Forgets entries up to an index, which becomes the beginning.</summary>
    public void DropThrough(long index)
    {
        if (!TryGetTerm(index, out var term)) return;
        for (var i = Beginning.Index + 1; i <= index; i++) _slots[Slot(i)] = null;
        Beginning = new(index, term);
    }

    /// <summary>
    /// Forgets entries up to a snapshot's, if that one is here. A beginning whose term was not known gets it from the snapshot.
    /// </summary>
    public void BeginBehind(EntryId snapshot)
    {
        if (Beginning == snapshot with { Term = 0 }) Beginning = snapshot;
        else if (this[snapshot.Index]?.Term == snapshot.Term) DropThrough(snapshot.Index);
    }

    /// <summary>Forgets all entries; the next one stands behind <paramref name="beginning"/>.</summary>
    public void BeginAt(EntryId beginning)
    {
        Array.Clear(_slots);
        Beginning = beginning;
        LastIndex = beginning.Index;
    }

    private void CutFrom(long index)
    {
        for (; LastIndex >= index; LastIndex--) _slots[Slot(LastIndex)] = null;
    }

    private int Slot(long index) => (int)(index & (_slots.Length - 1));

    private void Grow()
    {
        var old = _slots;
        _slots = new LogEntry[old.Length * 2];
        for (var i = Beginning.Index + 1; i <= LastIndex; i++) _slots[Slot(i)] = old[(int)(i & (old.Length - 1))];
    }
}
