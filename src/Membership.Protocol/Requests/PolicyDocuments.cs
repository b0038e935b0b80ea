using System.Text;
using System.Text.Json;
using Membership.Protocol.Json;
using Membership.Protocol.Rules;

namespace Membership.Protocol.Requests;

/// <summary>Reads the two documents that a request may hold, and finds their verdicts.</summary>
internal static class PolicyDocuments
{
    /// <summary>Rules: an object, or a string that holds one; an empty string is none.</summary>
    public static (RuleSet? Rules, Code Verdict) ReadRules(RequestFields f)
    {
        var value = f.Value(FieldNames.Rules);
        if (IsNone(value)) return (null, Code.Ok);
        if (!IsObjectOrText(f, FieldNames.Rules, value)) return (null, Code.Ok);
        ReadOnlyMemory<byte> document = value.Token == JsonTokenType.String ? Encoding.UTF8.GetBytes(value.ToText()) : value.Raw;
        return RulesJson.TryParse(document, out var rules) ? (rules, Code.Ok) : (null, Code.RulesInvalid);
    }

    /// <summary>An expression policy: an object; an empty string is none. The document is a copy of the bytes as sent.</summary>
    public static (ReadOnlyMemory<byte> Document, Code Verdict) ReadExprPolicy(RequestFields f, bool needsRules)
    {
        var value = f.Value(FieldNames.ExprPolicy);
        if (IsNone(value)) return (default, Code.Ok);
        if (!IsObjectOrText(f, FieldNames.ExprPolicy, value)) return (default, Code.Ok);
        return ExprPolicyJson.IsValid(value, needsRules) ? (value.Raw.ToArray(), Code.Ok) : (default, Code.ExprPolicyInvalid);
    }

    private static bool IsNone(JsonValue value) => value.IsAbsent || value is { Token: JsonTokenType.String, Raw.Length: 2 };

    private static bool IsObjectOrText(RequestFields f, string name, JsonValue value)
    {
        var isEither = value.Token is JsonTokenType.StartObject or JsonTokenType.String;
        if (!isEither) f.Refuse(name);
        return isEither;
    }
}
