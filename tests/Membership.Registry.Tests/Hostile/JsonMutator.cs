namespace Membership.Registry.Tests.Hostile;

/// <summary>Spoils requests in the ways that break parsers of JSON: bytes, quotes, brackets, escapes, cuts, pieces of another request.</summary>
internal sealed class JsonMutator(Random random)
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e9", "0.5", "00", "18446744073709551616", "\\ud800", "\\u0000", "\\udc00",
            "\"type\":\"signed\",", "\"admin_token\":\"x\",", "\"network_id\":0,", "\"node_id\":0,", "{\"a\":1,\"a\":2}", "/**/", "\n", "\0", "é",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "\"\":{},", "=", "==",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF],
    ];

    private static readonly byte[][] Literals =
    [
        .. new[] { "0", "1", "65535", "65536", "4294967295", "18446744073709551615", "-0", "1.0", "null", "true", "\"\"", "\"x\"", "[]", "[0]", "{}" }
            .Select(System.Text.Encoding.UTF8.GetBytes),
    ];

    /// <summary>One to four changes: of bytes, or of whole values, which mostly leaves JSON that is valid.</summary>
    public byte[] Mutate(byte[] valid, byte[] other)
    {
        var bytes = valid;
        var ofValues = random.Next(2) == 0;
        for (var count = random.Next(1, 5); count > 0 && bytes.Length > 0; count--)
            bytes = ofValues ? ChangeValue(bytes) : Change(bytes, other);
        return bytes;
    }

    private byte[] ChangeValue(byte[] bytes)
    {
        var colon = Array.IndexOf(bytes, (byte)':', random.Next(bytes.Length));
        if (colon < 0) return bytes;
        var length = bytes.AsSpan(colon).IndexOfAny(",}"u8);
        return length < 0 ? bytes : [.. bytes[..(colon + 1)], .. Literals[random.Next(Literals.Length)], .. bytes[(colon + length)..]];
    }

    private byte[] Change(byte[] bytes, byte[] other)
    {
        var at = random.Next(bytes.Length);
        var end = Math.Min(bytes.Length, at + random.Next(1, 24));
        switch (random.Next(8))
        {
            case 0:
                return [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]];
            case 1:
                return [.. bytes[..at], (byte)(bytes[at] ^ (1 << random.Next(8))), .. bytes[(at + 1)..]];
            case 2 or 3:
                return [.. bytes[..at], .. Pieces[random.Next(Pieces.Length)], .. bytes[at..]];
            case 4:
                return [.. bytes[..at], .. bytes[end..]];
            case 5:
                return [.. bytes[..end], .. bytes[at..]];
            case 6:
                return bytes[..at];
            default:
                var from = random.Next(other.Length);
                return [.. bytes[..at], .. other[from..Math.Min(other.Length, from + 64)], .. bytes[at..]];
        }
    }
}
