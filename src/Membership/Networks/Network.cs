namespace Membership;

/// <summary>
/// What the state holds about one network, apart from its members, invites, pre-assignments and expression policy, which have
/// records of their own.
/// </summary>
public sealed record Network
{
    /// <summary>The network's id.</summary>
    public required NetworkId Id { get; init; }

    /// <summary>Its name, unique among live networks.</summary>
    public required string Name { get; init; }

    /// <summary>How nodes come in.</summary>
    public required JoinRule JoinRule { get; init; }

    /// <summary>Whether the enterprise commands work in it.</summary>
    public required bool Enterprise { get; init; }

    /// <summary>Cluster time of creation, Unix ms.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>The verifier of the join token; there exactly while the rule is <see cref="JoinRule.Token"/>.</summary>
    public VersionedVerifier? JoinToken { get; init; }

    /// <summary>The verifier of the network's admin token, if it has one.</summary>
    public VersionedVerifier? AdminToken { get; init; }

    /// <summary>The policy; shown and enforced whether the network is enterprise or not.</summary>
    public NetworkPolicy Policy { get; init; } = NetworkPolicy.None;

    /// <summary>The rules of a managed network.</summary>
    public RuleSet? Rules { get; init; }
}
