using System.Numerics;

namespace Membership.Registry.Tests.Signing;

/// <summary>A point of the curve of Ed25519, reckoned slowly and plainly: a second opinion on what a valid key is.</summary>
internal readonly record struct EdwardsPoint(BigInteger X, BigInteger Y)
{
    public static readonly BigInteger Prime = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger D = Modulo(-121665 * Invert(121666));
    private static readonly BigInteger RootOfMinusOne = BigInteger.ModPow(2, (Prime - 1) / 4, Prime);

    public static EdwardsPoint Identity => new(0, 1);

    public bool IsIdentity => this == Identity;

    /// <summary>The point with this encoding; null for none, or when the encoding is not canonical.</summary>
    public static EdwardsPoint? Decode(byte[] bytes)
    {
        byte[] magnitude = [.. bytes[..31], (byte)(bytes[31] & 0x7F)];
        var y = new BigInteger(magnitude, isUnsigned: true);
        return y < Prime ? FromY(y, bytes[31] >= 0x80) : null;
    }

    public static EdwardsPoint? FromY(BigInteger y, bool isOdd)
    {
        var square = Modulo((y * y - 1) * Invert(D * y * y + 1));
        var x = BigInteger.ModPow(square, (Prime + 3) / 8, Prime);
        if (Modulo(x * x) != square) x = Modulo(x * RootOfMinusOne);
        if (Modulo(x * x) != square || (x.IsZero && isOdd)) return null;
        return new(x.IsEven == isOdd ? Modulo(-x) : x, y);
    }

    public byte[] Encode()
    {
        var bytes = new byte[32];
        Y.ToByteArray(isUnsigned: true).CopyTo(bytes, 0);
        if (!X.IsEven) bytes[31] |= 0x80;
        return bytes;
    }

    public EdwardsPoint Add(EdwardsPoint other)
    {
        var product = D * X * other.X * Y * other.Y;
        return new(
            Modulo((X * other.Y + Y * other.X) * Invert(1 + product)),
            Modulo((Y * other.Y + X * other.X) * Invert(1 - product)));
    }

    public EdwardsPoint Double() => Add(this);

    public EdwardsPoint Times(BigInteger factor)
    {
        var (sum, power) = (Identity, this);
        for (; factor > 0; factor >>= 1, power = power.Double())
        {
            if (!factor.IsEven) sum = sum.Add(power);
        }

        return sum;
    }

    private static BigInteger Modulo(BigInteger number) => (number % Prime + Prime) % Prime;

    private static BigInteger Invert(BigInteger number) => BigInteger.ModPow(Modulo(number), Prime - 2, Prime);
}
