using System.Buffers;
using System.Security.Cryptography;
using Membership.Formats;

namespace Membership.Audit;

/// <summary>Reads what <see cref="AuditChain"/> writes.</summary>
internal static class AuditRecordFormat
{
    private const int FieldCount = 9;

    /// <summary>Reads number and revision alone.</summary>
    public static (ulong Number, ulong Revision) ReadHead(ReadOnlyMemory<byte> encoded)
    {
        var r = new FieldReader(encoded);
        r.ReadArrayHeaderOf(FieldCount);
        return (r.ReadUInt64(), r.ReadUInt64());
    }

    /// <summary>Decodes a whole record.</summary>
    public static AuditEntry Decode(ReadOnlyMemory<byte> encoded)
    {
        var r = new FieldReader(encoded);
        r.ReadArrayHeaderOf(FieldCount);
        var entry = new AuditEntry
        {
            Number = r.ReadUInt64(),
            Revision = r.ReadUInt64(),
            Time = r.ReadTime(),
            Actor = r.ReadText(),
            ActorRole = r.ReadText(),
            RequestId = r.TryReadNil() ? null : r.ReadRequestId(),
            Action = r.ReadText(),
            Attributes = ReadAttributes(ref r),
            PreviousHash = r.ReadBytes(),
            Hash = SHA256.HashData(encoded.Span),
        };
        r.ReadEnd();
        return entry;
    }

    /// <summary>
    /// Whether each record holds the hash of the one before, without a gap, and the last one's hash is the head. What cannot be read
    /// is no record: nothing but this check looks into those of a snapshot.
    /// </summary>
    public static bool IsChained(in AuditTrail records, ulong lastNumber, AuditHash head)
    {
        try
        {
            return IsChainedOf(records, lastNumber, head);
        }
        catch (FormatViolationException)
        {
            return false;
        }
    }

    private static bool IsChainedOf(in AuditTrail records, ulong lastNumber, AuditHash head)
    {
        AuditEntry? previous = null;
        foreach (var (number, record) in records)
        {
            var entry = Decode(record.Encoded);
            if (entry.Number != number || entry.Revision != record.Revision) return false;
            if (previous is not null
                && (number != previous.Number + 1 || !entry.PreviousHash.Span.SequenceEqual(previous.Hash.Span)))
            {
                return false;
            }

            previous = entry;
        }

        return previous is null
            ? lastNumber == 0 && head.Bytes.IsEmpty
            : previous.Number == lastNumber && previous.Hash.Span.SequenceEqual(head.Bytes);
    }

    /// <summary>Writes a record as <see cref="AuditChain"/> does, from what was decoded of it.</summary>
    /// <exception cref="ArgumentException">An attribute is of a type that no event has.</exception>
    public static void Encode(IBufferWriter<byte> output, AuditEntry entry)
    {
        var w = new FieldWriter(output);
        w.WriteArrayHeader(FieldCount);
        w.Write(entry.Number);
        w.Write(entry.Revision);
        w.Write(entry.Time);
        w.Write(entry.Actor);
        w.Write(entry.ActorRole);
        if (entry.RequestId is { } id) w.Write(id);
        else w.WriteNil();
        w.Write(entry.Action);
        w.WriteMapHeader(entry.Attributes.Count);
        foreach (var (name, value) in entry.Attributes)
        {
            w.Write(name);
            WriteValue(ref w, value);
        }

        w.Write(entry.PreviousHash.Span);
        w.Flush();
    }

    /// <summary>Reads what <see cref="Events.AttributeWriter"/> wrote, in its order: the hash is one over that order.</summary>
    public static OrderedDictionary<string, object> ReadAttributes(ref FieldReader r)
    {
        var count = r.ReadMapHeader();
        var attributes = new OrderedDictionary<string, object>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++) attributes[r.ReadText()] = r.ReadAttributeValue();
        return attributes;
    }

    private static void WriteValue(ref FieldWriter w, object value)
    {
        switch (value)
        {
            case ulong number:
                w.Write(number);
                break;
            case bool flag:
                w.Write(flag);
                break;
            case string text:
                w.Write(text);
                break;
            case IEnumerable<object> list:
                var items = list.ToArray();
                w.WriteArrayHeader(items.Length);
                foreach (var item in items) WriteValue(ref w, item);
                break;
            default:
                throw new ArgumentException($"An attribute of type {value.GetType()}.", nameof(value));
        }
    }
}
