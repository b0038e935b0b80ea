namespace Membership.Replication.Log;

/// <summary>A place in the log's files. Later places compare greater.</summary>
/// <param name="Value">The segment's number, then the offset within it, 32 bits each.</param>
internal readonly record struct LogPosition(long Value) : IComparable<LogPosition>
{
    /// <summary>The place in a segment.</summary>
    public LogPosition(int segment, int offset)
        : this(((long)segment << 32) | (uint)offset)
    {
    }

    /// <summary>The segment's number, from 1.</summary>
    public int Segment => (int)(Value >> 32);

    /// <summary>Bytes from the segment's start.</summary>
    public int Offset => (int)Value;

    public static bool operator <(LogPosition a, LogPosition b) => a.Value < b.Value;

    public static bool operator >(LogPosition a, LogPosition b) => a.Value > b.Value;

    public static bool operator <=(LogPosition a, LogPosition b) => a.Value <= b.Value;

    public static bool operator >=(LogPosition a, LogPosition b) => a.Value >= b.Value;

    /// <inheritdoc/>
    public int CompareTo(LogPosition other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => $"{Segment}:{Offset}";
}
