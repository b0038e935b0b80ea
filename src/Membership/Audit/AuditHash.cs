using Membership.Formats;

namespace Membership.Audit;

/// <summary>The SHA-256 of an audit record, or nothing before the first.</summary>
internal readonly struct AuditHash(byte[]? bytes)
{
    public const int Length = 32;

    private readonly byte[]? _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    public static AuditHash Read(ref FieldReader reader)
    {
        var bytes = reader.ReadBytes();
        return bytes.Length switch
        {
            0 => default,
            Length => new(bytes.ToArray()),
            _ => throw new FormatViolationException("audit hash"),
        };
    }
}
