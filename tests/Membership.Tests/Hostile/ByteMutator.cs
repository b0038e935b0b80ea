using Membership.Tests.Model;

namespace Membership.Tests.Hostile;

/// <summary>Spoils bytes in the ways that break parsers: flips, headers that claim much, cuts, repetitions, pieces of another input.</summary>
internal sealed class ByteMutator(Chance chance)
{
    // Nil, ext, and the headers of MessagePack that claim 32-bit lengths; the ends of the small ranges.
    private static readonly byte[] Claims = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC6, 0xC9, 0xCF, 0xD3, 0xDB, 0xDD, 0xDF, 0xFF];

    public byte[] Random(int lengthMax) => chance.Bytes(chance.Between(0, lengthMax));

    /// <summary>One to four changes; now and then they undo each other.</summary>
    public byte[] Mutate(ReadOnlySpan<byte> valid, ReadOnlySpan<byte> other)
    {
        var bytes = valid.ToArray();
        for (var count = chance.Pick(1, 1, 1, 2, 4); count > 0 && bytes.Length > 0; count--) bytes = Change(bytes, other);
        return bytes;
    }

    private byte[] Change(byte[] bytes, ReadOnlySpan<byte> other)
    {
        var at = chance.Between(0, bytes.Length - 1);
        var length = Math.Min(bytes.Length - at, chance.Between(1, 16));
        switch (chance.Between(0, 8))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << chance.Between(0, 7));
                return bytes;
            case 2:
                bytes[at] = (byte)chance.Between(0, 255);
                return bytes;
            case 3:
                bytes[at] = chance.Pick(Claims);
                return bytes;
            case 4:
                bytes.AsSpan(at, length).Fill(chance.Pick<byte>(0x00, 0xFF));
                return bytes;
            case 5:
                return [.. bytes.AsSpan(0, at), .. chance.Bytes(length), .. bytes.AsSpan(at)];
            case 6:
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)];
            case 7:
                return [.. bytes.AsSpan(0, at + length), .. bytes.AsSpan(at)];
            default:
                var from = other.IsEmpty ? 0 : chance.Between(0, other.Length - 1);
                return [.. bytes.AsSpan(0, at), .. other[from..Math.Min(other.Length, from + 64)]];
        }
    }
}
