using System.Buffers.Binary;

namespace Membership;

/// <summary>16 random bytes that make equal tokens have different verifiers.</summary>
/// <param name="High">The first 8 bytes, big-endian.</param>
/// <param name="Low">The last 8 bytes, big-endian.</param>
public readonly record struct Salt(ulong High, ulong Low)
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 16;

    /// <summary>Takes the salt from its 16 bytes.</summary>
    /// <exception cref="ArgumentException">There are not exactly 16 bytes.</exception>
    public static Salt FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]))
        : throw new ArgumentException("A salt has 16 bytes.", nameof(bytes));

    /// <summary>Writes the 16 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }
}
