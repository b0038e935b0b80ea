using System.Buffers;
using Membership.Protocol.Requests;
using Membership.Protocol.Signing;

namespace Membership.Client;

/// <summary>Signs with a key: that of a node, or a new one for its registration.</summary>
/// <remarks>Source: command specification, section 5, signed request.</remarks>
internal sealed class KeyIdentity(NodeId node, NodeKey key) : ClientIdentity
{
    public override string ToString() => node.IsNobody ? "new key" : $"node {node}";

    internal override SealedRequest Seal(WireCommand command, RequestStamp? stamp, string cluster, TimeProvider time)
    {
        // A key that is nobody's yet may sign its registration, and nothing else.
        if (node.IsNobody && stamp is null) return Anonymous.Seal(command, stamp, cluster, time);
        var payload = RequestWriter.Write(
            command,
            fields => fields
                .Write(FieldNames.Signer, node)
                .Write(FieldNames.Cluster, cluster)
                .Write(FieldNames.RequestId, stamp?.Id.ToString())
                .Write(FieldNames.IssuedAt, (ulong)time.GetUtcNow().ToUnixTimeSeconds())
                .Write(FieldNames.Settled, stamp?.Settled?.ToString("x16", null)),
            json => json.ToArray());
        var content = new ArrayBufferWriter<byte>();
        SignedEnvelope.Sign(payload, node, key).WriteTo(content);
        return new(command.Type, stamp?.Id, content.WrittenSpan) { IsSigned = true, SealedAt = time.GetTimestamp() };
    }
}
