using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace Membership.Protocol.Json;

/// <summary>
/// One JSON object, read strictly: valid UTF-8 without a lone surrogate in any escape, no key twice on any level, nothing but the
/// object, at most 32 levels. Keys match exactly.
/// </summary>
/// <remarks>
/// Source: command specification, section 7. Holds the bytes that it was read from: they must not change while it is used. Time and
/// memory are linear in the bytes: keys are told apart by a hash that is seeded at random for each process.
/// </remarks>
internal sealed class JsonObject
{
    /// <summary>Levels of objects and lists, the outermost counted.</summary>
    public const int LevelsMax = 32;

    private readonly Dictionary<string, Field> _fields = new(StringComparer.Ordinal);
    private readonly ReadOnlyMemory<byte> _json;

    private JsonObject(ReadOnlyMemory<byte> json) => _json = json;

    /// <summary>Reads the object.</summary>
    /// <returns>False when the bytes are anything else.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out JsonObject? parsed)
    {
        parsed = new JsonObject(json);
        try
        {
            if (Utf8.IsValid(json.Span) && parsed.TryRead()) return true;
        }
        catch (JsonException)
        {
            // The reader has no other way to say it.
        }

        parsed = null;
        return false;
    }

    /// <summary>The value under this key; <see cref="JsonValue.IsAbsent"/> when there is none.</summary>
    public JsonValue this[string key] => _fields.TryGetValue(key, out var field)
        ? new(field.Token, _json[field.ValueStart..field.End])
        : default;

    /// <summary>Where a field stands in the bytes, from the quote of its key to the end of its value.</summary>
    public Range? RangeOf(string key) => _fields.TryGetValue(key, out var field) ? field.KeyStart..field.End : null;

    private bool TryRead()
    {
        var reader = new Utf8JsonReader(_json.Span, new JsonReaderOptions { MaxDepth = LevelsMax });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        var nested = new NestedKeys();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryReadField(ref reader, ref nested)) return false;
        }

        // Behind the object: the end, or the reader throws.
        return !reader.Read();
    }

    private bool TryReadField(ref Utf8JsonReader reader, ref NestedKeys nested)
    {
        if (!JsonText.HasPairedSurrogates(reader)) return false;
        var (key, keyStart) = (reader.GetString()!, (int)reader.TokenStartIndex);
        reader.Read();
        var (token, start) = (reader.TokenType, (int)reader.TokenStartIndex);
        if (!nested.TryAccept(reader)) return false;
        if (token is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.CurrentDepth > 1)
            {
                if (!nested.TryAccept(reader)) return false;
            }
        }

        return _fields.TryAdd(key, new(token, keyStart, start, (int)reader.BytesConsumed));
    }

    private readonly record struct Field(JsonTokenType Token, int KeyStart, int ValueStart, int End);
}
