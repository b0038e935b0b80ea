using System.Numerics;

namespace Membership.Protocol.Signing;

/// <summary>
/// Whether 32 bytes are a public key that a node may have: the one encoding of a point of the curve, and not one of small order,
/// under which a signature would prove nothing.
/// </summary>
/// <remarks>
/// Curve and encoding: RFC 8032, 5.1. The bytes are public, so nothing here needs constant time. Checked when a key is registered or
/// rotated, which is rare: about a tenth of a millisecond.
/// </remarks>
public static class KeyValidity
{
    private static readonly BigInteger Prime = (BigInteger.One << 255) - 19;
    private static readonly BigInteger CurveD = BigInteger.Parse(
        "37095705934669439343138083508754565189542113879843219016388785533085940283555",
        System.Globalization.NumberFormatInfo.InvariantInfo);

    // The y of all points whose order divides 8; x has either sign.
    private static readonly BigInteger[] SmallOrder =
    [
        BigInteger.Zero,
        BigInteger.One,
        Prime - 1,
        FromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        FromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ];

    /// <summary>Whether the bytes are 32, canonical, on the curve and not of small order.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != PublicKey.Length) return false;
        Span<byte> encoded = stackalloc byte[PublicKey.Length];
        bytes.CopyTo(encoded);
        encoded[^1] &= 0x7F;
        var y = new BigInteger(encoded, isUnsigned: true);
        return y < Prime && !SmallOrder.Contains(y) && IsOnCurve(y);
    }

    /// <summary>Whether the key is valid.</summary>
    public static bool IsValid(PublicKey key)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        key.CopyTo(bytes);
        return IsValid(bytes);
    }

    // x² = (y² − 1) / (d·y² + 1), and a quotient is a square when the product is one. Both signs of x are points: x = 0 is of small order.
    private static bool IsOnCurve(BigInteger y)
    {
        var y2 = y * y % Prime;
        var product = (y2 - 1 + Prime) * (CurveD * y2 + 1) % Prime;
        return BigInteger.ModPow(product, (Prime - 1) / 2, Prime).IsOne;
    }

    private static BigInteger FromHex(string littleEndian) => new(Convert.FromHexString(littleEndian), isUnsigned: true);
}
