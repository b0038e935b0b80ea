using System.Text.Json;
using Membership.Protocol.Json;

namespace Membership.Protocol.Rules;

/// <summary>Checks an expression policy; the document itself is kept byte for byte.</summary>
/// <remarks>Source: command specification, section 1.</remarks>
internal static class ExprPolicyJson
{
    /// <summary>Whether a value is an object of at most 64 KiB whose <c>version</c> is the literal 1.</summary>
    /// <param name="value">The value as sent.</param>
    /// <param name="needsRules">Whether <c>rules</c> must be a list with something in it.</param>
    public static bool IsValid(JsonValue value, bool needsRules) =>
        value.Token == JsonTokenType.StartObject
        && value.Raw.Length <= Limits.Production.ExprPolicyBytesMax
        && JsonObject.TryParse(value.Raw, out var document)
        && document["version"].TryGetNumber(1, out var version)
        && version == 1
        && (!needsRules || IsFilledList(document["rules"]));

    private static bool IsFilledList(JsonValue value) => value.Token == JsonTokenType.StartArray && new JsonArray(value).TryRead(out _);
}
