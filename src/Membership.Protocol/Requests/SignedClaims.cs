using Membership.Protocol.Signing;

namespace Membership.Protocol.Requests;

/// <summary>What a signed request says beside its command, and the signature that covers all of it.</summary>
/// <param name="Signer">The node that signs; nobody for a registration.</param>
/// <param name="Cluster">For which cluster; another's is <see cref="Code.WrongCluster"/>.</param>
/// <param name="IssuedAt">When it was signed, Unix seconds, 0 to the last second of the year 9999.</param>
/// <param name="Envelope">As it was received.</param>
public sealed record SignedClaims(NodeId Signer, string Cluster, long IssuedAt, SignedEnvelope Envelope);
