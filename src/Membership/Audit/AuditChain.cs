using System.Buffers;
using Membership.Events;
using Membership.Formats;
using Membership.State;

namespace Membership.Audit;

/// <summary>Turns events into audit records, each of which holds the hash of the one before.</summary>
/// <remarks>Source: command specification, section 4. The record's form: <see cref="AuditRecord"/>.</remarks>
internal sealed class AuditChain
{
    private readonly ArrayBufferWriter<byte> _bytes = new(512);
    private readonly RecordHasher _hasher = new();

    /// <summary>Makes the next record and moves the head of the chain.</summary>
    /// <returns>The record's encoded form; it stands until the next one is made.</returns>
    public ReadOnlySpan<byte> Append(ref Counters counters, AppliedEvent applied)
    {
        counters.LastAuditNumber++;
        _bytes.ResetWrittenCount();
        Write(counters, applied);
        counters.AuditHead = AuditHash.Of(_hasher, _bytes.WrittenSpan);
        return _bytes.WrittenSpan;
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
