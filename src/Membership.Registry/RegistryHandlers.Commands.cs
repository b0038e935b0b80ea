namespace Membership.Registry;

// One method a command, by the names of the Go package: a request of any other command is unknown there.
public sealed partial class RegistryHandlers
{
    /// <summary><c>create_network</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleCreateNetwork(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "create_network", token);

    /// <summary><c>delete_network</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleDeleteNetwork(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "delete_network", token);

    /// <summary><c>demote_member</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleDemoteMember(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "demote_member", token);

    /// <summary><c>deregister_node</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleDeregisterNode(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "deregister_node", token);

    /// <summary><c>get_audit</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleGetAudit(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "get_audit", token);

    /// <summary><c>get_expr_policy</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleGetExprPolicy(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "get_expr_policy", token);

    /// <summary><c>get_member_role</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleGetMemberRole(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "get_member_role", token);

    /// <summary><c>get_member_tags</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleGetMemberTags(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "get_member_tags", token);

    /// <summary><c>get_network</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleGetNetwork(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "get_network", token);

    /// <summary><c>get_network_policy</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleGetNetworkPolicy(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "get_network_policy", token);

    /// <summary><c>get_node</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleGetNode(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "get_node", token);

    /// <summary><c>get_rbac_preassignments</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleGetRbacPreassignments(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "get_rbac_preassignments", token);

    /// <summary><c>invite_to_network</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleInviteToNetwork(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "invite_to_network", token);

    /// <summary><c>join_network</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleJoinNetwork(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "join_network", token);

    /// <summary><c>kick_member</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleKickMember(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "kick_member", token);

    /// <summary><c>leave_network</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleLeaveNetwork(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "leave_network", token);

    /// <summary><c>list_invites</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleListInvites(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "list_invites", token);

    /// <summary><c>list_networks</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleListNetworks(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "list_networks", token);

    /// <summary><c>list_nodes</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleListNodes(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "list_nodes", token);

    /// <summary><c>poll_invites</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandlePollInvites(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "poll_invites", token);

    /// <summary><c>promote_member</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandlePromoteMember(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "promote_member", token);

    /// <summary><c>register_node</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleRegisterNode(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "register_node", token);

    /// <summary><c>rename_network</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleRenameNetwork(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "rename_network", token);

    /// <summary><c>respond_invite</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleRespondInvite(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "respond_invite", token);

    /// <summary><c>revoke_invite</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleRevokeInvite(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "revoke_invite", token);

    /// <summary><c>rotate_node_key</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleRotateNodeKey(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "rotate_node_key", token);

    /// <summary><c>set_expr_policy</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleSetExprPolicy(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "set_expr_policy", token);

    /// <summary><c>set_external_id</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleSetExternalId(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "set_external_id", token);

    /// <summary><c>set_join_rule</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleSetJoinRule(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "set_join_rule", token);

    /// <summary><c>set_member_tags</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleSetMemberTags(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "set_member_tags", token);

    /// <summary><c>set_network_admin_token</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleSetNetworkAdminToken(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "set_network_admin_token", token);

    /// <summary><c>set_network_enterprise</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleSetNetworkEnterprise(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "set_network_enterprise", token);

    /// <summary><c>set_network_policy</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleSetNetworkPolicy(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "set_network_policy", token);

    /// <summary><c>set_rbac_preassignments</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleSetRbacPreassignments(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "set_rbac_preassignments", token);

    /// <summary><c>set_task_exec</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleSetTaskExec(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "set_task_exec", token);

    /// <summary><c>status</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleStatus(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "status", token);

    /// <summary><c>transfer_ownership</c>: as <see cref="HandleAsync(ReadOnlyMemory{byte}, RequestSource, CancellationToken)"/>, and nothing else.</summary>
    public ValueTask<RegistryAnswer> HandleTransferOwnership(ReadOnlyMemory<byte> content, RequestSource source, CancellationToken token = default) =>
        HandleAsync(content, source, "transfer_ownership", token);
}
