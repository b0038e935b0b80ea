using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Membership.Audit;

namespace Membership.Cli.Audit;

/// <summary>Reads a line of an export, as <see cref="AuditFields"/> writes it.</summary>
internal static class AuditLine
{
    private const int HashDigits = 64;

    // What no hash covers must not be there: it would pass for verified.
    private static readonly string[] Names =
        ["number", "revision", "time", "actor", "actor_role", "request_id", "action", "attributes", "previous_hash", "hash"];

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Reads it; false when it is no record.</summary>
    public static bool TryRead(string line, [NotNullWhen(true)] out AuditEntry? record)
    {
        record = null;
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            var fields = document.RootElement;
            if (fields.ValueKind != JsonValueKind.Object || fields.EnumerateObject().Any(field => !Names.Contains(field.Name))) return false;
            record = Read(fields);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException)
        {
            return false;
        }
    }

    private static AuditEntry Read(JsonElement fields) => new()
    {
        Number = fields.GetProperty("number").GetUInt64(),
        Revision = fields.GetProperty("revision").GetUInt64(),
        Time = fields.GetProperty("time").GetInt64(),
        Actor = ReadText(fields, "actor"),
        ActorRole = ReadText(fields, "actor_role"),
        RequestId = ReadRequestId(fields),
        Action = ReadText(fields, "action"),
        Attributes = new OrderedDictionary<string, object>(
            fields.GetProperty("attributes").EnumerateObject().Select(attribute => KeyValuePair.Create(attribute.Name, ReadValue(attribute.Value))), StringComparer.Ordinal),
        PreviousHash = ReadHash(fields, "previous_hash", mayBeEmpty: true),
        Hash = ReadHash(fields, "hash", mayBeEmpty: false),
    };

    private static string ReadText(JsonElement fields, string name) => fields.GetProperty(name).GetString() ?? throw new FormatException(name);

    private static RequestId? ReadRequestId(JsonElement fields)
    {
        if (!fields.TryGetProperty("request_id", out var text) || text.ValueKind == JsonValueKind.Null) return null;
        return RequestId.TryParse(text.GetString(), out var id) ? id : throw new FormatException("request_id");
    }

    private static byte[] ReadHash(JsonElement fields, string name, bool mayBeEmpty)
    {
        var text = ReadText(fields, name);
        return text.Length == HashDigits || (text.Length == 0 && mayBeEmpty)
            ? Convert.FromHexString(text)
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name}: {text.Length} digits"));
    }

    private static object ReadValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetUInt64(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => value.EnumerateArray().Select(ReadValue).ToArray(),
        _ => throw new FormatException("an attribute"),
    };
}
