namespace Membership.Events;

/// <summary>Whom and what an event is about: every network and node that its attributes name.</summary>
/// <param name="Network">The network; null for an event of a node alone.</param>
/// <param name="Node">The node that it happened to (<c>node_id</c> or <c>target_node_id</c>); nobody when it happened to a network.</param>
/// <param name="Named">A node that is named beside: who created, who invited, who owned before; nobody for none.</param>
/// <param name="AlsoNamed">Another one: who owns now; nobody for none.</param>
public readonly record struct EventSubjects(NetworkId? Network, NodeId Node, NodeId Named = default, NodeId AlsoNamed = default)
{
    /// <summary>The subjects of an event.</summary>
    public static EventSubjects Of(Event e) => e switch
    {
        NodeRegistered x => new(null, x.Node),
        NodeDeregistered x => new(null, x.Node),
        NodeKeyRotated x => new(null, x.Node),
        ExternalIdSet x => new(null, x.Node),
        TaskExecChanged x => new(null, x.Node),
        NetworkCreated x => new(x.Network, default, x.Creator),
        NetworkDeleted x => new(x.Network, default),
        NetworkRenamed x => new(x.Network, default),
        NetworkEnterpriseChanged x => new(x.Network, default),
        NetworkJoinRuleChanged x => new(x.Network, default),
        NetworkAdminTokenChanged x => new(x.Network, default),
        NetworkPolicyChanged x => new(x.Network, default),
        ExprPolicySet x => new(x.Network, default),
        ExprPolicyCleared x => new(x.Network, default),
        PreAssignmentsSet x => new(x.Network, default),
        OwnerChanged x => new(x.Network, default, x.OldOwner, x.NewOwner),
        OwnershipTransferred x => new(x.Network, default, x.OldOwner, x.NewOwner),
        NetworkJoined x => new(x.Network, x.Node),
        NetworkLeft x => new(x.Network, x.Node),
        MemberKicked x => new(x.Network, x.Target),
        MemberPromoted x => new(x.Network, x.Target),
        MemberDemoted x => new(x.Network, x.Target),
        MemberTagsChanged x => new(x.Network, x.Target),
        InviteCreated x => new(x.Network, x.Target, x.Inviter),
        InviteResponded x => new(x.Network, x.Node),
        InviteRevoked x => new(x.Network, x.Target),
        InviteExpired x => new(x.Network, x.Target),
        _ => throw new ArgumentException($"An event of the kind {e?.GetType().Name} is not known.", nameof(e)),
    };

    /// <summary>Whether it names this node in any place.</summary>
    public bool Names(NodeId node) => !node.IsNobody && (Node == node || Named == node || AlsoNamed == node);
}
