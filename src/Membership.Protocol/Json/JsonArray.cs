using System.Text.Json;

namespace Membership.Protocol.Json;

/// <summary>Goes through the values of a list that was read strictly before.</summary>
internal ref struct JsonArray
{
    private readonly ReadOnlyMemory<byte> _raw;
    private Utf8JsonReader _reader;

    /// <summary>Starts before the first value.</summary>
    public JsonArray(JsonValue list)
    {
        _raw = list.Raw;
        _reader = new Utf8JsonReader(_raw.Span);
        _reader.Read();
    }

    /// <summary>Takes the next value; false at the end.</summary>
    public bool TryRead(out JsonValue value)
    {
        value = default;
        if (!_reader.Read() || _reader.TokenType == JsonTokenType.EndArray) return false;
        var (token, start) = (_reader.TokenType, (int)_reader.TokenStartIndex);
        _reader.Skip();
        value = new(token, _raw[start..(int)_reader.BytesConsumed]);
        return true;
    }
}
