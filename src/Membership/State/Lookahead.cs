using Membership.Maps;

namespace Membership.State;

/// <summary>
/// Looks at what the next mutations of an entry are about, before the first of them runs: with a million memberships nearly all of it has to
/// come from memory, and so the waits of several mutations overlap. It changes nothing but time.
/// </summary>
internal sealed class Lookahead(Draft state)
{
    // For fewer there is nothing that could overlap.
    private const int KeysMin = 4;

    // Of fewer networks all that is looked up is near anyway.
    private const int NetworksMin = 2_000;

    private readonly Node?[] _nodes = new Node?[Prefetch.KeysMax];
    private readonly Network?[] _networks = new Network?[Prefetch.KeysMax];

    /// <summary>Looks at the nodes, networks and memberships that these mutations name.</summary>
    /// <param name="proposals">At most <see cref="Prefetch.KeysMax"/>.</param>
    public void Look(ReadOnlySpan<DecodedProposal> proposals)
    {
        Span<NodeNetworkKey> keys = stackalloc NodeNetworkKey[Prefetch.KeysMax];
        var count = 0;
        foreach (ref readonly var proposal in proposals)
        {
            if (KeyOf(proposal.Mutation) is { } key) keys[count++] = key;
        }

        if (count < KeysMin) return;
        LookAtNodes(keys[..count]);
        if (state.Tables.Networks.Count >= NetworksMin) LookAtNetworks(keys[..count]);
        Span<JoinKey> joins = stackalloc JoinKey[Prefetch.KeysMax];
        state.Tables.Members.LookAhead(keys[..count], joins);
        Span<NodeId> members = stackalloc NodeId[Prefetch.KeysMax];
        state.Tables.MembersByJoin.LookAhead(joins[..count], members);
    }

    private void LookAtNodes(ReadOnlySpan<NodeNetworkKey> keys)
    {
        Span<NodeId> ids = stackalloc NodeId[Prefetch.KeysMax];
        for (var i = 0; i < keys.Length; i++) ids[i] = keys[i].Node;
        state.Tables.Nodes.LookAhead(ids[..keys.Length], _nodes);
        foreach (ref var node in _nodes.AsSpan(0, keys.Length)) Prefetch.Object(ref node);
    }

    private void LookAtNetworks(ReadOnlySpan<NodeNetworkKey> keys)
    {
        Span<NetworkId> ids = stackalloc NetworkId[Prefetch.KeysMax];
        for (var i = 0; i < keys.Length; i++) ids[i] = keys[i].Network;
        state.Tables.Networks.LookAhead(ids[..keys.Length], _networks);
        foreach (ref var network in _networks.AsSpan(0, keys.Length)) Prefetch.Object(ref network);
        Span<NodeId> owners = stackalloc NodeId[Prefetch.KeysMax];
        state.Tables.Owners.LookAhead(ids[..keys.Length], owners);
    }

    private static NodeNetworkKey? KeyOf(Mutation? mutation) => mutation switch
    {
        JoinNetwork x => new(x.Node, x.Network),
        LeaveNetwork x => new(x.Node, x.Network),
        SetMemberTags x => new(x.Target, x.Network),
        KickMember x => new(x.Target, x.Network),
        PromoteMember x => new(x.Target, x.Network),
        DemoteMember x => new(x.Target, x.Network),
        InviteToNetwork x => new(x.Target, x.Network),
        RespondInvite x => new(x.Node, x.Network),
        _ => null,
    };
}
