using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Membership.Protocol.Json;
using Membership.Protocol.Requests;

namespace Membership.Protocol.Answers;

/// <summary>An answer as a client reads it: success with its fields, or an error with its code.</summary>
/// <remarks>Immutable, holds a copy of the bytes, so any thread may use it.</remarks>
public sealed class Answer
{
    private static readonly Dictionary<string, Code> Codes =
        Enum.GetValues<Code>().DistinctBy(code => code.ToName()).ToDictionary(code => code.ToName(), StringComparer.Ordinal);

    private Answer(JsonElement fields, string type)
    {
        Fields = fields;
        Type = type;
    }

    /// <summary>The whole object: the fields of a success are read from it.</summary>
    public JsonElement Fields { get; }

    /// <summary>The command with <c>_ok</c>, or <c>error</c>.</summary>
    public string Type { get; }

    /// <summary>Whether it is an error: it has a key <c>error</c>, which no success has.</summary>
    public bool IsError => Fields.TryGetProperty(AnswerNames.Error, out _);

    /// <summary>
    /// <see cref="Code.Ok"/>, or why not; null for a code that this library does not know, see <see cref="CodeName"/>.
    /// </summary>
    public Code? Code => !IsError ? Membership.Code.Ok : CodeName is { } name && Codes.TryGetValue(name, out var code) ? code : null;

    /// <summary>The code of an error as it was sent; null for a success, and for an error without one.</summary>
    public string? CodeName => Text(AnswerNames.Code);

    /// <summary>The sentence of an error; null for a success.</summary>
    public string? Error => Text(AnswerNames.Error);

    /// <summary>The field that <see cref="Membership.Code.InvalidArgument"/> names.</summary>
    public string? Field => Text(AnswerNames.Field);

    /// <summary>Who leads, where <see cref="Membership.Code.NotLeader"/> knows it.</summary>
    public string? Leader => Text(AnswerNames.Leader);

    /// <summary>The id under which to repeat, with <see cref="Membership.Code.OutcomeUnknown"/>.</summary>
    public RequestId? RequestId =>
        Membership.RequestId.TryParse(Text(FieldNames.RequestId), out var id) ? id : null;

    /// <summary>The revision of a success; 0 when there is none.</summary>
    public ulong Revision => Number(AnswerNames.Revision) ?? 0;

    /// <summary>Reads an answer.</summary>
    /// <param name="json">The content of a frame.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>False when the bytes are no JSON object with a text <c>type</c>: nothing is known then, close the connection.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out Answer? answer)
    {
        answer = null;
        if (!JsonObject.TryParse(json, out var strict) || strict[FieldNames.Type] is not { Token: JsonTokenType.String } type) return false;
        answer = new(JsonElement.Parse(json.Span), type.ToText());
        return true;
    }

    /// <summary>A text among the fields; null when there is none of this name.</summary>
    public string? Text(string name) =>
        Fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A number among the fields; null when there is none of this name.</summary>
    public ulong? Number(string name) =>
        Fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number)
            ? number
            : null;

    /// <summary>A flag among the fields; false when there is none of this name.</summary>
    public bool Flag(string name) => Fields.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>The type, and the code of an error.</summary>
    public override string ToString() => IsError ? string.Create(CultureInfo.InvariantCulture, $"{Type} {CodeName}") : Type;
}
