using System.Net;

namespace Membership.Replication.Peers;

/// <summary>Where a peer listens.</summary>
/// <param name="ReplicaId">Who has to answer there; under TLS the certificate must carry it as a DNS name.</param>
/// <param name="EndPoint">Its peer port: an <see cref="IPEndPoint"/> or a <see cref="DnsEndPoint"/>.</param>
internal sealed record PeerAddress(string ReplicaId, EndPoint EndPoint)
{
    /// <inheritdoc/>
    public override string ToString() => $"{ReplicaId} at {EndPoint}";
}
