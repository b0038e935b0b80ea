using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Membership.Formats;

namespace Membership.Audit;

/// <summary>The SHA-256 of an audit record, or nothing before the first.</summary>
internal readonly struct AuditHash
{
    public const int Length = SHA256.HashSizeInBytes;

    private readonly Sum _sum;
    private readonly bool _isPresent;

    /// <param name="bytes">32 bytes.</param>
    public AuditHash(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_sum);
        _isPresent = true;
    }

    /// <summary>32 bytes, or none.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes =>
        _isPresent ? MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Sum, byte>(ref Unsafe.AsRef(in _sum)), Length) : default;

    /// <param name="hasher">Kept from record to record.</param>
    /// <param name="record">What is to be hashed.</param>
    public static AuditHash Of(RecordHasher hasher, ReadOnlySpan<byte> record)
    {
        Span<byte> sum = stackalloc byte[Length];
        hasher.Hash(record, sum);
        return new(sum);
    }

    public static AuditHash Read(ref FieldReader reader)
    {
        var bytes = reader.ReadBytesInPlace().Span;
        return bytes.Length switch
        {
            0 => default,
            Length => new(bytes),
            _ => throw new FormatViolationException("audit hash"),
        };
    }

    [InlineArray(Length)]
    private struct Sum
    {
        private byte _first;
    }
}
