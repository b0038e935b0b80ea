namespace Membership.Audit;

/// <summary>
/// Where the encoded audit records of a state are kept: many to a chunk, as each in an array of its own would be most of what the collector has to
/// move. A chunk is used again once all its records are dropped, provided that nobody can have seen one of them. One thread at a time.
/// </summary>
internal sealed class RecordMemory
{
    private const int ChunkMax = 32 * 1024;

    private readonly Queue<Chunk> _full = [];
    private readonly Stack<byte[]> _spare = [];
    private byte[] _chunk = [];
    private int _used;
    private bool _isChunkSeen;

    /// <summary>Copies a record in.</summary>
    /// <param name="number">Its number; greater than that of each before.</param>
    /// <param name="record">Its bytes.</param>
    public ReadOnlyMemory<byte> Keep(ulong number, ReadOnlySpan<byte> record)
    {
        if (_chunk.Length - _used < record.Length) Begin(number, record.Length);
        var kept = _chunk.AsMemory(_used, record.Length);
        record.CopyTo(kept.Span);
        _used += record.Length;
        return kept;
    }

    /// <summary>The records below this number are held no more.</summary>
    public void Drop(ulong number)
    {
        while (_full.TryPeek(out var chunk) && chunk.End <= number)
        {
            _full.Dequeue();
            if (chunk.Bytes.Length == ChunkMax) _spare.Push(chunk.Bytes);
        }
    }

    /// <summary>Somebody may look at all that was kept so far, for as long as they like.</summary>
    public void Share()
    {
        _full.Clear();
        _isChunkSeen = true;
    }

    private void Begin(ulong number, int length)
    {
        if (!_isChunkSeen) _full.Enqueue(new(_chunk, number));
        _isChunkSeen = false;
        _used = 0;
        if (length > ChunkMax || !_spare.TryPop(out var chunk))
        {
            // Twice the size each time: a state that sees few entries keeps little more than its records.
            chunk = GC.AllocateUninitializedArray<byte>(Math.Max(length, Math.Min(ChunkMax, 2 * _chunk.Length)));
        }

        _chunk = chunk;
    }

    /// <param name="Bytes">The records.</param>
    /// <param name="End">The number after the last of them.</param>
    private readonly record struct Chunk(byte[] Bytes, ulong End);
}
