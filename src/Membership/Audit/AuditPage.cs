using System.Diagnostics;

namespace Membership.Audit;

/// <summary>Some audit records that follow one another, in one array of bytes. Records come behind those that are there and never change.</summary>
/// <remarks>
/// Nothing in it refers to anything, so the collector has two arrays to move for some two hundred records, and nothing to follow.
/// One thread writes; those who know how many records they may look at read at any time.
/// </remarks>
internal sealed class AuditPage
{
    /// <summary>No page has more bytes, unless for one record.</summary>
    public const int BytesMax = 32 * 1024;

    // Fewer than a record has on the average, so that a page is full by its bytes.
    private const int RecordBytesMin = 96;

    private readonly byte[] _bytes;
    private readonly Row[] _rows;
    private int _count;
    private int _used;

    /// <summary>An empty page.</summary>
    /// <param name="bytes">Room for so many bytes.</param>
    public AuditPage(int bytes)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(bytes);
        _rows = new Row[Math.Max(1, bytes / RecordBytesMin)];
    }

    /// <summary>Room, in bytes.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>The number of the first record.</summary>
    public ulong First { get; private set; }

    /// <summary>The record of a number that is in the page.</summary>
    public AuditRecord this[ulong number]
    {
        get
        {
            var row = _rows[(int)(number - First)];
            return new(row.Revision, _bytes.AsMemory(row.Start, row.Length));
        }
    }

    /// <summary>Makes the page an empty one. What was in it is gone: nobody may be looking.</summary>
    public void Begin(ulong first) => (First, _count, _used) = (first, 0, 0);

    /// <summary>Copies a record in, if there is room.</summary>
    /// <param name="number">One more than the last one's, or the page's first.</param>
    /// <param name="revision">The revision within.</param>
    /// <param name="encoded">Its form.</param>
    public bool TryAdd(ulong number, ulong revision, ReadOnlySpan<byte> encoded)
    {
        Debug.Assert(number == First + (ulong)_count, "Numbers have no gaps.");
        if (_count == _rows.Length || _bytes.Length - _used < encoded.Length) return false;
        encoded.CopyTo(_bytes.AsSpan(_used));
        _rows[_count++] = new(revision, _used, encoded.Length);
        _used += encoded.Length;
        return true;
    }

    private readonly record struct Row(ulong Revision, int Start, int Length);
}
