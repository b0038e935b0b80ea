using System.Text;
using System.Text.Json;
using Membership.Protocol.Requests;

namespace Membership.Registry.Tests.Client;

/// <summary>A request as a scripted replica received it.</summary>
internal sealed class ScriptedRequest
{
    public ScriptedRequest(int connection, string text)
    {
        (Connection, Text) = (connection, text);
        Fields = JsonDocument.Parse(text).RootElement;
        if (Word("type") == "signed") Fields = JsonDocument.Parse(Fields.GetProperty("payload").GetBytesFromBase64()).RootElement;
    }

    /// <summary>The number of its connection, from 1.</summary>
    public int Connection { get; }

    /// <summary>The frame's content.</summary>
    public string Text { get; }

    /// <summary>The request, out of its envelope if it is signed.</summary>
    public JsonElement Fields { get; }

    public string Type => Word("type")!;

    public string? Id => Word("request_id");

    public ulong Sequence => RequestId.TryParse(Id, out var id) ? id.Sequence : 0;

    /// <summary>The request as the protocol reads it.</summary>
    public Request Read()
    {
        Assert.True(new RequestParser().TryParse(Encoding.UTF8.GetBytes(Text), out var request, out var fault), $"{Text}: {fault}");
        return request;
    }

    public string? Word(string name) => Fields.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>A success with these fields.</summary>
    public string Ok(string fields = "") => $$"""{"type":"{{Type}}_ok","revision":7{{(fields.Length > 0 ? "," : "")}}{{fields}}}""";

    public static string Error(Code code, string more = "") =>
        $$"""{"type":"error","error":"{{code.ToText()}}","code":"{{code.ToName()}}"{{more}}}""";
}
