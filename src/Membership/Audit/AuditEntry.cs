using System.Buffers;
using System.Security.Cryptography;

namespace Membership.Audit;

/// <summary>A decoded audit record.</summary>
public sealed record AuditEntry
{
    /// <summary>1 for the first record of the cluster, then one more for each.</summary>
    public required ulong Number { get; init; }

    /// <summary>The revision that yielded it; several records may share one.</summary>
    public required ulong Revision { get; init; }

    /// <summary>Cluster time, Unix ms.</summary>
    public required long Time { get; init; }

    /// <summary>Who asked, such as <c>node:5</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>As what; see <see cref="Events.AppliedEvent.ActorRole"/>.</summary>
    public required string ActorRole { get; init; }

    /// <summary>The request; null for the sweep.</summary>
    public required RequestId? RequestId { get; init; }

    /// <summary>The action, such as <c>network.joined</c>.</summary>
    public required string Action { get; init; }

    /// <summary>
    /// Attribute name to value: <see cref="ulong"/>, <see cref="bool"/>, <see cref="string"/> or a list of these. In the order of the record,
    /// as the hash is one over that order.
    /// </summary>
    public required IReadOnlyDictionary<string, object> Attributes { get; init; }

    /// <summary>SHA-256 of the record before; empty for the first.</summary>
    public required ReadOnlyMemory<byte> PreviousHash { get; init; }

    /// <summary>SHA-256 of this record's MessagePack form.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }

    /// <summary>SHA-256 over what the other members say, in the record's MessagePack form: <see cref="Hash"/>, unless one of them was changed.</summary>
    /// <exception cref="ArgumentException">An attribute is of a type that no record has.</exception>
    public byte[] ComputeHash()
    {
        var encoded = new ArrayBufferWriter<byte>(512);
        AuditRecordFormat.Encode(encoded, this);
        return SHA256.HashData(encoded.WrittenSpan);
    }
}
