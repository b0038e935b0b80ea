using Membership.Protocol.Signing;
using Membership.Queries;

namespace Membership.Protocol.Requests;

/// <summary><c>list_networks</c>.</summary>
/// <param name="Limit">1 to 1000; null for all.</param>
/// <param name="After">The last network seen.</param>
/// <param name="Requester">Who says to ask; counts for nothing but the text of a legacy signature.</param>
public sealed record ListNetworks(int? Limit, NetworkId? After, NodeId? Requester) : Query
{
    /// <inheritdoc/>
    public override LegacyChallenge? Challenge =>
        Requester is { } requester ? new(requester, SignedText.ListNetworks(requester)) : null;
}

/// <summary><c>get_network</c>.</summary>
/// <param name="Id">The network.</param>
public sealed record GetNetwork(NetworkId Id) : Query
{
    /// <inheritdoc/>
    public override NetworkId? Network => Id;
}

/// <summary><c>list_nodes</c>.</summary>
/// <param name="Id">The network; on the backbone all nodes.</param>
/// <param name="Limit">1 to 1000; null for all.</param>
/// <param name="After">Where the last page ended.</param>
/// <param name="Requester">Who says to ask; counts for nothing but the text of a legacy signature.</param>
public sealed record ListNodes(NetworkId Id, int? Limit, MemberCursor? After, NodeId? Requester) : Query
{
    /// <inheritdoc/>
    public override Credential Credential => Id.IsBackbone ? Credential.Admin : Credential.None;

    /// <inheritdoc/>
    public override NetworkId? Network => Id;

    /// <inheritdoc/>
    public override LegacyChallenge? Challenge =>
        Requester is { } requester ? new(requester, SignedText.ListNodes(requester, Id)) : null;
}

/// <summary><c>get_network_policy</c>.</summary>
/// <param name="Id">The network.</param>
public sealed record GetNetworkPolicy(NetworkId Id) : Query
{
    /// <inheritdoc/>
    public override NetworkId? Network => Id;
}

/// <summary><c>get_expr_policy</c>.</summary>
/// <param name="Id">The network.</param>
public sealed record GetExprPolicy(NetworkId Id) : Query
{
    /// <inheritdoc/>
    public override NetworkId? Network => Id;
}

/// <summary><c>get_rbac_preassignments</c>.</summary>
/// <param name="Id">The network.</param>
/// <param name="Limit">1 to 1000; null for all.</param>
/// <param name="After">The last external id seen.</param>
public sealed record GetRbacPreassignments(NetworkId Id, int? Limit, string? After) : Query
{
    /// <inheritdoc/>
    public override Credential Credential => Credential.Admin;

    /// <inheritdoc/>
    public override NetworkId? Network => Id;
}
