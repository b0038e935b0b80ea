namespace Membership.Mutations.Rules;

/// <summary>
/// <c>role(net, allowed…)</c>: the network exists; an admin passes; the network's own admin token counts as the level in the entry;
/// a node must be a member with an allowed role.
/// </summary>
/// <remarks>Source: command specification, 2.8.</remarks>
internal static class RoleGate
{
    /// <summary>Only the owner passes.</summary>
    public static Code Owner(MutationContext c, NetworkId id, NodeId? claimed, out Network network) =>
        Check(c, id, claimed, Role.Owner, out network);

    /// <summary>The owner and admins pass.</summary>
    public static Code OwnerOrAdmin(MutationContext c, NetworkId id, NodeId? claimed, out Network network) =>
        Check(c, id, claimed, Role.Admin, out network);

    /// <summary>Whether the actor, having passed the gate, acts with the role of an admin rather than of an owner.</summary>
    public static bool ActsAsAdmin(MutationContext c, NetworkId id) => c.Actor.Kind switch
    {
        ActorKind.NetworkAdmin => c.Actor.Level == Role.Admin,
        ActorKind.Node => c.State.TryGetMember(id, c.Actor.Node, out var member) && member.Role == Role.Admin,
        _ => false,
    };

    private static Code Check(MutationContext c, NetworkId id, NodeId? claimed, Role least, out Network network)
    {
        if (!c.State.TryGetNetwork(id, out network)) return Code.NetworkNotFound;
        switch (c.Actor.Kind)
        {
            case ActorKind.Admin:
                return Code.Ok;
            case ActorKind.NetworkAdmin when c.Actor.Network == id:
                return c.Actor.Level >= least ? Code.Ok : Code.RoleRequired;
            case ActorKind.Node:
                return CheckNode(c, id, claimed, least);
            default:
                return Code.NotAuthorized;
        }
    }

    private static Code CheckNode(MutationContext c, NetworkId id, NodeId? claimed, Role least)
    {
        if (!c.State.TryGetMember(id, c.Actor.Node, out var member)) return Code.ActorNotAMember;
        if (member.Role < least) return Code.RoleRequired;
        if (claimed is { } node && node != c.Actor.Node) return Code.NotAuthorized;
        c.ActorRole = member.Role.ToText();
        return Code.Ok;
    }
}
