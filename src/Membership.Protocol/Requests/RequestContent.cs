using Membership.Protocol.Json;

namespace Membership.Protocol.Requests;

/// <summary>
/// What of a request makes it the same request when it is sent again: a signed one's payload, else its bytes as received without the
/// fields <c>admin_token</c> and <c>signature</c>.
/// </summary>
/// <remarks>Source: command specification, section 5. Holds the received bytes: they must not change while it is used.</remarks>
public sealed class RequestContent
{
    private RequestContent(IReadOnlyList<ReadOnlyMemory<byte>> parts) => Parts = parts;

    /// <summary>The content is these parts, one after another.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> Parts { get; }

    internal static RequestContent Signed(ReadOnlyMemory<byte> payload) => new([payload]);

    internal static RequestContent Plain(ReadOnlyMemory<byte> json, JsonObject parsed)
    {
        var parts = new List<ReadOnlyMemory<byte>>(3);
        var from = 0;
        foreach (var credential in CredentialsInOrder(parsed))
        {
            parts.Add(json[from..credential.Start]);
            from = credential.End.Value;
        }

        parts.Add(json[from..]);
        return new(parts);
    }

    private static IEnumerable<Range> CredentialsInOrder(JsonObject parsed)
    {
        var (token, signature) = (parsed.RangeOf(FieldNames.AdminToken), parsed.RangeOf(FieldNames.Signature));
        var isSwapped = signature?.Start.Value < token?.Start.Value;
        if ((isSwapped ? signature : token) is { } first) yield return first;
        if ((isSwapped ? token : signature) is { } second) yield return second;
    }
}
