using System.Buffers.Binary;

namespace Membership;

/// <summary>
/// A node's Ed25519 public key: 32 bytes, compared byte for byte. That the bytes are a point of the curve is checked before a
/// mutation is proposed, never here.
/// </summary>
public readonly record struct PublicKey : IComparable<PublicKey>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly ulong _a, _b, _c, _d;

    /// <summary>Takes the key from its bytes.</summary>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public PublicKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length) throw new ArgumentException("A public key has 32 bytes.", nameof(bytes));
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>A copy of the 32 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public int CompareTo(PublicKey other)
    {
        if (_a != other._a) return _a.CompareTo(other._a);
        if (_b != other._b) return _b.CompareTo(other._b);
        if (_c != other._c) return _c.CompareTo(other._c);
        return _d.CompareTo(other._d);
    }

    /// <summary>Standard base64.</summary>
    public override string ToString() => Convert.ToBase64String(ToArray());
#pragma warning disable CS1591 // comparisons byte for byte
    public static bool operator <(PublicKey left, PublicKey right) => left.CompareTo(right) < 0;
    public static bool operator >(PublicKey left, PublicKey right) => left.CompareTo(right) > 0;
    public static bool operator <=(PublicKey left, PublicKey right) => left.CompareTo(right) <= 0;
    public static bool operator >=(PublicKey left, PublicKey right) => left.CompareTo(right) >= 0;
#pragma warning restore CS1591
}
