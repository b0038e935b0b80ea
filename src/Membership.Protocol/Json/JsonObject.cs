using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Membership.Protocol.Json;

/// <summary>
/// One JSON object, read strictly: valid UTF-8 without a lone surrogate in any escape, no key twice on any level, nothing but the
/// object, at most 32 levels. Keys match exactly.
/// </summary>
/// <remarks>
/// Source: command specification, section 7. Holds the bytes that it was read from: they must not change while it is used. Time and
/// memory are linear in the bytes: a few keys are compared with each other, more are told apart by a hash that is seeded at random for
/// each process.
/// </remarks>
internal sealed class JsonObject
{
    /// <summary>Levels of objects and lists, the outermost counted.</summary>
    public const int LevelsMax = 32;

    private const int FieldsFirst = 8;
    private const int FieldsComparedMax = 16;

    private readonly ReadOnlyMemory<byte> _json;
    private Field[] _fields = new Field[FieldsFirst];
    private int _count;

    // From key to place, once there are too many to look at each.
    private Dictionary<string, int>? _places;

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
    public JsonValue this[string key]
    {
        get
        {
            var place = PlaceOf(key);
            if (place < 0) return default;
            ref readonly var field = ref _fields[place];
            return new(field.Token, _json[field.ValueStart..field.End]);
        }
    }

    /// <summary>Where a field stands in the bytes, from the quote of its key to the end of its value.</summary>
    public Range? RangeOf(string key) => PlaceOf(key) is var place and >= 0 ? _fields[place].KeyStart..(Index)_fields[place].End : null;

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
        var (keyStart, keyLength) = ((int)reader.TokenStartIndex, reader.ValueSpan.Length);
        var key = reader.ValueIsEscaped ? reader.GetString() : null;
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

        return TryAdd(new(token, keyStart, keyLength, key is null ? null : Encoding.UTF8.GetBytes(key), start, (int)reader.BytesConsumed));
    }

    private bool TryAdd(in Field field)
    {
        if (!IsNew(field)) return false;
        if (_count == _fields.Length) Array.Resize(ref _fields, 2 * _count);
        _fields[_count++] = field;
        return true;
    }

    private bool IsNew(in Field field)
    {
        var key = KeyOf(field);
        if (_count < FieldsComparedMax)
        {
            for (var i = 0; i < _count; i++)
            {
                if (KeyOf(_fields[i]).SequenceEqual(key)) return false;
            }

            return true;
        }

        _places ??= PlaceAll();
        return _places.TryAdd(Encoding.UTF8.GetString(key), _count);
    }

    private Dictionary<string, int> PlaceAll()
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < _count; i++) places.Add(Encoding.UTF8.GetString(KeyOf(_fields[i])), i);
        return places;
    }

    private int PlaceOf(string key)
    {
        if (_places is not null) return _places.TryGetValue(key, out var place) ? place : -1;
        for (var i = 0; i < _count; i++)
        {
            if (Matches(KeyOf(_fields[i]), key)) return i;
        }

        return -1;
    }

    private static bool Matches(ReadOnlySpan<byte> key, string name) =>
        Ascii.IsValid(name) ? Ascii.Equals(key, name) : key.SequenceEqual(Encoding.UTF8.GetBytes(name));

    private ReadOnlySpan<byte> KeyOf(in Field field) =>
        field.UnescapedKey is { } key ? key : _json.Span.Slice(field.KeyStart + 1, field.KeyLength);

    /// <param name="Token">What its value is.</param>
    /// <param name="KeyStart">Where the quote of its key stands.</param>
    /// <param name="KeyLength">Bytes of the key between its quotes.</param>
    /// <param name="UnescapedKey">The key's bytes, when something in it is escaped; null when they stand there as they are.</param>
    /// <param name="ValueStart">Where its value begins.</param>
    /// <param name="End">Where its value ends.</param>
    private readonly record struct Field(JsonTokenType Token, int KeyStart, int KeyLength, byte[]? UnescapedKey, int ValueStart, int End);
}
