using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Membership.Protocol.Json;

/// <summary>A value within a <see cref="JsonObject"/> that was read strictly, so nothing about it can be malformed any more.</summary>
/// <param name="Token">What it is; the default is no value at all.</param>
/// <param name="Raw">Its bytes as they were sent, quotes and brackets included.</param>
internal readonly record struct JsonValue(JsonTokenType Token, ReadOnlyMemory<byte> Raw)
{
    /// <summary>Whether there is none: missing, or null.</summary>
    public bool IsAbsent => Token is JsonTokenType.None or JsonTokenType.Null;

    /// <summary>The text of a string.</summary>
    public string ToText()
    {
        var text = Raw.Span[1..^1];
        if (!text.Contains((byte)'\\')) return Encoding.UTF8.GetString(text);
        var reader = new Utf8JsonReader(Raw.Span);
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>Whether it is a string, and this one.</summary>
    /// <param name="ascii">The text, of ASCII alone.</param>
    public bool IsText(string ascii) => Token == JsonTokenType.String && Ascii.Equals(ToUtf8(), ascii);

    /// <summary>The UTF-8 bytes of a string, copied only when something in it is escaped.</summary>
    public ReadOnlySpan<byte> ToUtf8()
    {
        var text = Raw.Span[1..^1];
        if (!text.Contains((byte)'\\')) return text;
        var reader = new Utf8JsonReader(Raw.Span);
        reader.Read();
        var unescaped = new byte[text.Length];
        return unescaped.AsSpan(0, reader.CopyString(unescaped));
    }

    /// <summary>Reads a number: the literal <c>0</c> or <c>[1-9][0-9]*</c>, at most <paramref name="max"/>.</summary>
    public bool TryGetNumber(ulong max, out ulong number)
    {
        number = 0;
        return Token == JsonTokenType.Number
            && Utf8Parser.TryParse(Raw.Span, out number, out var read)
            && read == Raw.Length
            && number <= max;
    }
}
