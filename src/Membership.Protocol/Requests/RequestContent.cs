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
        var (token, signature) = (parsed.RangeOf(FieldNames.AdminToken), parsed.RangeOf(FieldNames.Signature));
        if (token is null && signature is null) return new([json]);
        if (token is null || signature is null) return new(Without(json, (token ?? signature)!.Value));
        var isSwapped = signature.Value.Start.Value < token.Value.Start.Value;
        var (first, second) = isSwapped ? (signature.Value, token.Value) : (token.Value, signature.Value);
        return new([json[..first.Start], json[first.End..second.Start], json[second.End..]]);
    }

    private static ReadOnlyMemory<byte>[] Without(ReadOnlyMemory<byte> json, Range field) => [json[..field.Start], json[field.End..]];
}
