using System.Buffers;
using System.Security.Cryptography;
using Membership.Events;
using Membership.Formats;
using Membership.State;

namespace Membership.Audit;

/// <summary>Turns events into audit records, each of which holds the hash of the one before.</summary>
/// <remarks>Source: command specification, section 4. The record's form: <see cref="AuditRecord"/>.</remarks>
internal sealed class AuditChain
{
    private readonly ArrayBufferWriter<byte> _bytes = new(512);

    /// <summary>Makes the next record and moves the head of the chain.</summary>
    public AuditRecord Append(ref Counters counters, AppliedEvent applied)
    {
        counters.LastAuditNumber++;
        _bytes.ResetWrittenCount();
        Write(counters, applied);
        var encoded = _bytes.WrittenSpan.ToArray();
        counters.AuditHead = new(SHA256.HashData(encoded));
        return new(applied.Revision, encoded);
    }

    private void Write(in Counters counters, AppliedEvent applied)
    {
        var writer = new FieldWriter(_bytes);
        writer.WriteArrayHeader(9);
        writer.Write(counters.LastAuditNumber);
        writer.Write(applied.Revision);
        writer.Write(applied.Time);
        writer.Write(applied.Actor.ToString());
        writer.Write(applied.ActorRole);
        if (applied.RequestId is { } id) writer.Write(id);
        else writer.WriteNil();
        writer.Write(applied.Event.Action);
        writer.Flush();
        var attributes = new AttributeWriter(new FieldWriter(_bytes));
        applied.Event.Describe(ref attributes);
        attributes.Flush();
        var end = new FieldWriter(_bytes);
        end.Write(counters.AuditHead.Bytes);
        end.Flush();
    }
}
