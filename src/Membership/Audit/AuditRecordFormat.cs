using System.Security.Cryptography;
using Membership.Formats;
using Membership.Maps;

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
    public static bool IsChained(in OrderedMap<ulong, AuditRecord> records, ulong lastNumber, AuditHash head)
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

    private static bool IsChainedOf(in OrderedMap<ulong, AuditRecord> records, ulong lastNumber, AuditHash head)
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

    /// <summary>Reads what <see cref="Events.AttributeWriter"/> wrote.</summary>
    public static SortedList<string, object> ReadAttributes(ref FieldReader r)
    {
        var count = r.ReadMapHeader();
        var attributes = new SortedList<string, object>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++) attributes[r.ReadText()] = r.ReadAttributeValue();
        return attributes;
    }
}
