namespace Membership.Mutations;

/// <summary>Which network a mutation is about.</summary>
internal static class MutationNetwork
{
    /// <summary>The network; the backbone for a mutation of a node, or one that makes a network.</summary>
    public static NetworkId Of(Mutation mutation) => mutation switch
    {
        JoinNetwork x => x.Network,
        LeaveNetwork x => x.Network,
        SetMemberTags x => x.Network,
        InviteToNetwork x => x.Network,
        RespondInvite x => x.Network,
        RevokeInvite x => x.Network,
        KickMember x => x.Network,
        PromoteMember x => x.Network,
        DemoteMember x => x.Network,
        TransferOwnership x => x.Network,
        DeleteNetwork x => x.Network,
        RenameNetwork x => x.Network,
        SetJoinRule x => x.Network,
        SetNetworkPolicy x => x.Network,
        SetExprPolicy x => x.Network,
        SetNetworkEnterprise x => x.Network,
        SetNetworkAdminToken x => x.Network,
        SetRbacPreassignments x => x.Network,
        _ => NetworkId.Backbone,
    };
}
