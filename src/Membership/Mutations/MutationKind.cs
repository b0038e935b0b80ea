namespace Membership;

/// <summary>The mutations. The numbers stand in log entries and are never reused.</summary>
/// <remarks>Source: command specification, section 3; the names of the commands are those of <see cref="MutationKindText"/>.</remarks>
public enum MutationKind : byte
{
#pragma warning disable CS1591 // each is a type of the same name
    RegisterNode = 1,
    DeregisterNode = 2,
    RotateNodeKey = 3,
    SetExternalId = 4,
    SetTaskExec = 5,
    CreateNetwork = 6,
    DeleteNetwork = 7,
    RenameNetwork = 8,
    SetNetworkEnterprise = 9,
    SetJoinRule = 10,
    SetNetworkAdminToken = 11,
    SetNetworkPolicy = 12,
    SetExprPolicy = 13,
    SetRbacPreassignments = 14,
    JoinNetwork = 15,
    LeaveNetwork = 16,
    KickMember = 17,
    PromoteMember = 18,
    DemoteMember = 19,
    TransferOwnership = 20,
    SetMemberTags = 21,
    InviteToNetwork = 22,
    RespondInvite = 23,
    RevokeInvite = 24,
#pragma warning restore CS1591
}

/// <summary>The command names of <see cref="MutationKind"/>.</summary>
public static class MutationKindText
{
    /// <summary>The name of the command, such as <c>join_network</c>.</summary>
    public static string ToText(this MutationKind kind) => kind switch
    {
        MutationKind.RegisterNode => "register_node",
        MutationKind.DeregisterNode => "deregister_node",
        MutationKind.RotateNodeKey => "rotate_node_key",
        MutationKind.SetExternalId => "set_external_id",
        MutationKind.SetTaskExec => "set_task_exec",
        MutationKind.CreateNetwork => "create_network",
        MutationKind.DeleteNetwork => "delete_network",
        MutationKind.RenameNetwork => "rename_network",
        MutationKind.SetNetworkEnterprise => "set_network_enterprise",
        MutationKind.SetJoinRule => "set_join_rule",
        MutationKind.SetNetworkAdminToken => "set_network_admin_token",
        MutationKind.SetNetworkPolicy => "set_network_policy",
        MutationKind.SetExprPolicy => "set_expr_policy",
        MutationKind.SetRbacPreassignments => "set_rbac_preassignments",
        MutationKind.JoinNetwork => "join_network",
        MutationKind.LeaveNetwork => "leave_network",
        MutationKind.KickMember => "kick_member",
        MutationKind.PromoteMember => "promote_member",
        MutationKind.DemoteMember => "demote_member",
        MutationKind.TransferOwnership => "transfer_ownership",
        MutationKind.SetMemberTags => "set_member_tags",
        MutationKind.InviteToNetwork => "invite_to_network",
        MutationKind.RespondInvite => "respond_invite",
        MutationKind.RevokeInvite => "revoke_invite",
        _ => "unknown",
    };
}
