using System.Buffers;
using Membership.Events;
using Membership.Formats;
using Membership.State;

namespace Membership.Audit;

/// <summary>Turns events into audit records, each of which holds the hash of the one before.</summary>
/// <remarks>Source: command specification, section 4. The record's form: <see cref="AuditRecord"/>.</remarks>
internal sealed class AuditChain
{
    // Records are small and stay long: each in an array of its own, they would be most of what the collector has to move.
    private const int ChunkMax = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new(512);
    private readonly RecordHasher _hasher = new();
    private byte[] _chunk = [];
    private int _used;

    /// <summary>Makes the next record and moves the head of the chain.</summary>
    public AuditRecord Append(ref Counters counters, AppliedEvent applied)
    {
        counters.LastAuditNumber++;
        _bytes.ResetWrittenCount();
        Write(counters, applied);
        counters.AuditHead = AuditHash.Of(_hasher, _bytes.WrittenSpan);
        return new(applied.Revision, Kept(_bytes.WrittenSpan));
    }

    private ReadOnlyMemory<byte> Kept(ReadOnlySpan<byte> record)
    {
        if (_chunk.Length - _used < record.Length)
        {
            // Twice the size each time: a state that sees few entries keeps little more than its records.
            _chunk = GC.AllocateUninitializedArray<byte>(Math.Max(record.Length, Math.Min(ChunkMax, 2 * _chunk.Length)));
            _used = 0;
        }

        var kept = _chunk.AsMemory(_used, record.Length);
        record.CopyTo(kept.Span);
        _used += record.Length;
        return kept;
    }

    private void Write(in Counters counters, AppliedEvent applied)
    {
        var writer = new FieldWriter(_bytes);
        writer.WriteArrayHeader(9);
        writer.Write(counters.LastAuditNumber);
        writer.Write(applied.Revision);
        writer.Write(applied.Time);
        writer.Write(applied.Actor);
        writer.Write(applied.ActorRole);
        if (applied.RequestId is { } id) writer.Write(id);
        else writer.WriteNil();
        writer.Write(applied.Event.Action);
        var attributes = new AttributeWriter(writer);
        applied.Event.Describe(ref attributes);
        writer = attributes.End();
        writer.Write(counters.AuditHead.Bytes);
        writer.Flush();
    }
}
