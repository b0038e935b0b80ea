using System.Buffers.Binary;
using System.Globalization;

namespace Membership;

/// <summary>
/// 128 bits that stand for the content of a request: two requests with one id and different fingerprints are told apart. Who makes
/// it keys it, so that it says nothing about a token within.
/// </summary>
/// <param name="High">The first 8 bytes, big-endian.</param>
/// <param name="Low">The last 8 bytes, big-endian.</param>
public readonly record struct Fingerprint(ulong High, ulong Low)
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 16;

    /// <summary>Takes the fingerprint from its 16 bytes.</summary>
    /// <exception cref="ArgumentException">There are not exactly 16 bytes.</exception>
    public static Fingerprint FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]))
        : throw new ArgumentException("A fingerprint has 16 bytes.", nameof(bytes));

    /// <summary>32 lower-case hex digits.</summary>
    public override string ToString() => string.Create(NumberFormatInfo.InvariantInfo, $"{High:x16}{Low:x16}");
}
