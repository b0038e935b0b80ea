using System.Text.Encodings.Web;
using System.Text.Json;
using Membership.Protocol.Frames;
using Membership.Protocol.Requests;
using Membership.Protocol.Rules;

namespace Membership.Client;

/// <summary>Writes the fields of a request. What is null is left out.</summary>
internal sealed class RequestWriter : IDisposable
{
    // Whoever writes a request writes it to its end before the thread does anything else.
    [ThreadStatic]
    private static RequestWriter? _spare;

    private readonly FrameBuffer _frame = new();
    private readonly Utf8JsonWriter _json;

    private RequestWriter() => _json = new(_frame, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes a whole request: the command, then what its identity adds.</summary>
    /// <param name="command">The command.</param>
    /// <param name="more">Writes what is added.</param>
    /// <param name="make">Makes of the content whatever is wanted; it does not keep it.</param>
    public static T Write<T>(WireCommand command, Action<RequestWriter> more, Func<ReadOnlyMemory<byte>, T> make)
    {
        // It is nobody's spare while it is in use, and not after anything went wrong: half a request may be left in it.
        var writer = _spare ?? new();
        _spare = null;
        writer._json.WriteStartObject();
        writer._json.WriteString(FieldNames.Type, command.Type);
        command.Write(writer);
        more(writer);
        writer._json.WriteEndObject();
        writer._json.Flush();
        var made = make(writer._frame.Content);
        writer._frame.Clear();
        writer._json.Reset();
        _spare = writer;
        return made;
    }

    public void Dispose()
    {
        _json.Dispose();
        _frame.Dispose();
    }

    public RequestWriter Write(string name, NodeId node) => Write(name, (ulong)node.Value);

    public RequestWriter Write(string name, NodeId? node) => node is { } some ? Write(name, some) : this;

    public RequestWriter Write(string name, NetworkId network) => Write(name, (ulong)network.Value);

    public RequestWriter Write(string name, NetworkId? network) => network is { } some ? Write(name, some) : this;

    public RequestWriter Write(string name, ulong? number)
    {
        if (number is { } some) _json.WriteNumber(name, some);
        return this;
    }

    public RequestWriter Write(string name, string? text)
    {
        if (text is not null) _json.WriteString(name, text);
        return this;
    }

    public RequestWriter Write(string name, bool flag)
    {
        _json.WriteBoolean(name, flag);
        return this;
    }

    public RequestWriter Write(string name, RuleSet? rules)
    {
        if (rules is null) return this;
        _json.WritePropertyName(name);
        RulesJson.Write(_json, rules);
        return this;
    }

    public RequestWriter Write(string name, IEnumerable<string>? texts) => WriteList(name, texts, _json.WriteStringValue);

    public RequestWriter Write(string name, IEnumerable<uint>? numbers) => WriteList(name, numbers, _json.WriteNumberValue);

    public RequestWriter Write(string name, IEnumerable<PreAssignment> assignments) => WriteList(name, assignments, assignment =>
    {
        _json.WriteStartObject();
        _json.WriteString(FieldNames.ExternalId, assignment.ExternalId);
        _json.WriteString("role", assignment.Role.ToText());
        _json.WriteEndObject();
    });

    public RequestWriter Write(string name, PageCursor? cursor)
    {
        if (cursor is not { Json: { } json }) return this;
        _json.WritePropertyName(name);
        _json.WriteRawValue(json);
        return this;
    }

    /// <summary>A JSON document as given; one that is no JSON goes as a text, and is refused with the code that belongs to it.</summary>
    public RequestWriter WriteDocument(string name, string? document)
    {
        if (document is null) return this;
        _json.WritePropertyName(name);
        if (IsJson(document)) _json.WriteRawValue(document);
        else _json.WriteStringValue(document);
        return this;
    }

    public RequestWriter WriteNull(string name)
    {
        _json.WriteNull(name);
        return this;
    }

    private RequestWriter WriteList<T>(string name, IEnumerable<T>? items, Action<T> write)
    {
        if (items is null) return this;
        _json.WriteStartArray(name);
        foreach (var item in items) write(item);
        _json.WriteEndArray();
        return this;
    }

    private static bool IsJson(string document)
    {
        try
        {
            using var parsed = JsonDocument.Parse(document);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
