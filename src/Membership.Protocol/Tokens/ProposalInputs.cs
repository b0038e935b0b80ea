using Membership.Protocol.Requests;

namespace Membership.Protocol.Tokens;

/// <summary>What a mutation needs beside its request, from the cluster's secret and one state.</summary>
/// <param name="clusterId">The cluster's id.</param>
/// <param name="secret">The cluster's secret, which the caller keeps.</param>
/// <param name="joinToken">The verifier in force of a network's join token, as the state has it; null for none.</param>
/// <remarks>Thread-safe as far as <paramref name="joinToken"/> is.</remarks>
public sealed class ProposalInputs(string clusterId, ClusterSecret secret, Func<NetworkId, VersionedVerifier?> joinToken)
    : IProposalInputs
{
    /// <inheritdoc/>
    public string ClusterId => clusterId;

    /// <inheritdoc/>
    public TokenVerifier MakeVerifier(string token) => secret.MakeVerifier(token);

    /// <inheritdoc/>
    public TokenProof? MakeProof(NetworkId network, string token) =>
        joinToken(network) is { } present ? secret.MakeProof(token, present) : null;
}
