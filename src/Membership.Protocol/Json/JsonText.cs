using System.Globalization;
using System.Text.Json;

namespace Membership.Protocol.Json;

/// <summary>What the JSON reader of the runtime lets through in a string, and the wire does not.</summary>
internal static class JsonText
{
    private const int EscapeLength = 6;

    /// <summary>Whether no string or key at which the reader stands has a lone surrogate in an escape.</summary>
    public static bool HasPairedSurrogates(in Utf8JsonReader reader) =>
        !reader.ValueIsEscaped || HasPairedSurrogates(reader.ValueSpan);

    /// <summary>Whether every <c>\uD800</c> to <c>\uDFFF</c> in a string still escaped is one half of a pair.</summary>
    /// <param name="escaped">The string without its quotes, of valid JSON.</param>
    public static bool HasPairedSurrogates(ReadOnlySpan<byte> escaped)
    {
        while (escaped.IndexOf((byte)'\\') is var at and >= 0)
        {
            escaped = escaped[at..];
            if (escaped[1] != 'u')
            {
                escaped = escaped[2..];
                continue;
            }

            var unit = (char)ReadUnit(escaped);
            escaped = escaped[EscapeLength..];
            if (!char.IsSurrogate(unit)) continue;
            if (!char.IsHighSurrogate(unit) || !escaped.StartsWith(@"\u"u8) || !char.IsLowSurrogate((char)ReadUnit(escaped))) return false;
            escaped = escaped[EscapeLength..];
        }

        return true;
    }

    private static ushort ReadUnit(ReadOnlySpan<byte> escape) =>
        ushort.Parse(escape[2..EscapeLength], NumberStyles.AllowHexSpecifier, NumberFormatInfo.InvariantInfo);
}
