using System.Globalization;

namespace Membership;

/// <summary>
/// Names one request, so that it is applied once however often it is sent. As text: 32 hex digits, 16 of the client and 16 of the
/// sequence.
/// </summary>
/// <param name="Client">Drawn at random, once for each client instance.</param>
/// <param name="Sequence">Rises with each new request of the client; a retry keeps it.</param>
public readonly record struct RequestId(ulong Client, ulong Sequence)
{
    /// <summary>32 lower-case hex digits.</summary>
    public override string ToString() =>
        string.Create(NumberFormatInfo.InvariantInfo, $"{Client:x16}{Sequence:x16}");

    /// <summary>Reads 32 hex digits of either case.</summary>
    /// <returns>False when the text is anything else.</returns>
    public static bool TryParse(string? text, out RequestId id)
    {
        id = default;
        if (text is not { Length: 32 }
            || !TryParseHalf(text.AsSpan(0, 16), out var client)
            || !TryParseHalf(text.AsSpan(16), out var sequence))
        {
            return false;
        }

        id = new(client, sequence);
        return true;
    }

    private static bool TryParseHalf(ReadOnlySpan<char> digits, out ulong value) =>
        ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, NumberFormatInfo.InvariantInfo, out value);
}
