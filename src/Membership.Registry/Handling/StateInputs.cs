using Membership.Protocol.Requests;
using Membership.Protocol.Tokens;
using Membership.Queries;
using Membership.State;

namespace Membership.Registry.Handling;

/// <summary>What a mutation needs of a state, if it needs any, and whether that state made a join token look wrong. For one try.</summary>
/// <param name="state">The state; looking at one makes applying dearer, so it is asked for only when it is needed.</param>
/// <param name="secret">The cluster's secret.</param>
internal sealed class StateInputs(Func<MembershipState> state, ClusterSecret secret) : IProposalInputs
{
    /// <summary>Whether a join token was given that this state does not know: one that is behind may be the reason.</summary>
    public bool HasRefusedToken { get; private set; }

    public string ClusterId => state().ClusterId;

    public TokenVerifier MakeVerifier(string token) => secret.MakeVerifier(token);

    public TokenProof? MakeProof(NetworkId network, string token)
    {
        var present = new CredentialRecords(state()).JoinToken(network);
        TokenProof? proof = present is { } verifier ? secret.MakeProof(token, verifier) : null;
        HasRefusedToken = proof?.Mac != present?.Verifier.Mac || present is null;
        return proof;
    }
}
