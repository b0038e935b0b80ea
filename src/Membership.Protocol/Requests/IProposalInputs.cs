namespace Membership.Protocol.Requests;

/// <summary>What a mutation needs beside its request: the cluster, its secret, and the state's join tokens.</summary>
/// <remarks>Asked after authentication, and again for each new try, because a join token may have been replaced since.</remarks>
public interface IProposalInputs
{
    /// <summary>The cluster's id, which the proof of a new key is made for.</summary>
    string ClusterId { get; }

    /// <summary>What stands in the state instead of a token: made with a salt drawn at random.</summary>
    /// <param name="token">1 to 256 UTF-8 bytes.</param>
    TokenVerifier MakeVerifier(string token);

    /// <summary>What is computed from a token given, against the verifier in force in the network.</summary>
    /// <param name="network">The network to join.</param>
    /// <param name="token">1 to 256 UTF-8 bytes.</param>
    /// <returns>Null when the network has no join token, or is not there.</returns>
    TokenProof? MakeProof(NetworkId network, string token);
}
