using Membership.Protocol.Requests;

namespace Membership.Client;

/// <summary>Shows a token, or nothing.</summary>
internal sealed class TokenIdentity(string? token, string name) : ClientIdentity
{
    public override string ToString() => name;

    internal override SealedRequest Seal(WireCommand command, RequestStamp? stamp, string cluster, TimeProvider time)
    {
        return RequestWriter.Write(
            command,
            fields => fields
                .Write(FieldNames.RequestId, stamp?.Id.ToString())
                .Write(FieldNames.Settled, stamp?.Settled?.ToString("x16", null))
                .Write(FieldNames.AdminToken, token),
            json => new SealedRequest(command.Type, stamp?.Id, json.Span) { ShowsToken = token is not null, SealedAt = time.GetTimestamp() });
    }
}
