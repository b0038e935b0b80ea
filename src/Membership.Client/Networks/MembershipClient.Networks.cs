namespace Membership.Client;

public sealed partial class MembershipClient
{
    /// <summary>Creates a network. Admin only.</summary>
    /// <returns>
    /// Rejected: <c>admin_required</c>, <c>rules_invalid</c>, <c>expr_policy_invalid</c>, <c>name_invalid</c>, <c>name_reserved</c>,
    /// <c>join_rule_invalid</c>, <c>token_required</c>, <c>enterprise_required</c>, <c>node_not_found</c>, <c>name_taken</c>,
    /// <c>id_space_exhausted</c>.
    /// </returns>
    public Task<ClientOutcome<CreatedNetwork>> CreateNetworkAsync(NewNetwork network, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        return MutateAsync(
            "create_network",
            network.Write,
            a => new CreatedNetwork(a.Network(), a.Text("name"), a.Flag("enterprise"), a.Flag("managed")),
            cancel);
    }

    /// <summary>Deletes a network with all that is in it. For its owner and admins.</summary>
    /// <returns>Rejected: <c>network_not_found</c>, <c>not_a_member</c>, <c>role_required</c>.</returns>
    public Task<ClientOutcome<NetworkId>> DeleteNetworkAsync(NetworkId network, CancellationToken cancel = default) =>
        MutateAsync("delete_network", f => f.Write("network_id", network), a => a.Network(), cancel);

    /// <summary>Renames a network; its own name succeeds. For its owner and admins, and admins of the registry.</summary>
    /// <returns>
    /// Rejected: <c>network_not_found</c>, <c>not_a_member</c>, <c>role_required</c>, <c>name_invalid</c>, <c>name_reserved</c>,
    /// <c>name_taken</c>.
    /// </returns>
    public Task<ClientOutcome<NetworkName>> RenameNetworkAsync(NetworkId network, string name, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return MutateAsync(
            "rename_network",
            f => f.Write("network_id", network).Write("name", name),
            a => new NetworkName(a.Network(), a.Text("name")),
            cancel);
    }

    /// <summary>Sets the enterprise flag. Admin only.</summary>
    /// <returns>Rejected: <c>admin_required</c>, <c>network_not_found</c>, <c>cannot_disable</c>.</returns>
    public Task<ClientOutcome<NetworkEnterprise>> SetNetworkEnterpriseAsync(
        NetworkId network, bool enterprise, CancellationToken cancel = default) => MutateAsync(
        "set_network_enterprise",
        f => f.Write("network_id", network).Write("enterprise", enterprise),
        a => new NetworkEnterprise(a.Network(), a.Flag("enterprise")),
        cancel);

    /// <summary>Sets the join rule. For the owner and admins of the registry.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="token">A new join token, 1 to 256 UTF-8 bytes; needed when the rule becomes <see cref="JoinRule.Token"/>.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>
    /// Rejected: <c>network_not_found</c>, <c>not_a_member</c>, <c>role_required</c>, <c>token_required</c>, <c>enterprise_required</c>.
    /// </returns>
    public Task<ClientOutcome<NetworkJoinRule>> SetJoinRuleAsync(
        NetworkId network, JoinRule rule, string? token = null, CancellationToken cancel = default) => MutateAsync(
        "set_join_rule",
        f => f.Write("network_id", network).Write("join_rule", rule.ToText()).Write("token", token),
        a => new NetworkJoinRule(a.Network(), a.JoinRule("join_rule")),
        cancel);

    /// <summary>Sets the network's admin token. For the owner and admins of the registry.</summary>
    /// <param name="network">The network.</param>
    /// <param name="token">1 to 256 UTF-8 bytes; null for none.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Rejected: <c>network_not_found</c>, <c>not_a_member</c>, <c>role_required</c>.</returns>
    public Task<ClientOutcome<NetworkId>> SetNetworkAdminTokenAsync(
        NetworkId network, string? token, CancellationToken cancel = default) => MutateAsync(
        "set_network_admin_token",
        f => f.Write("network_id", network).Write("network_admin_token", token ?? ""),
        a => a.Network(),
        cancel);

    /// <summary>Changes the policy of an enterprise network. For its owner and admins, and admins of the registry.</summary>
    /// <returns>
    /// Rejected: <c>network_not_found</c>, <c>not_a_member</c>, <c>role_required</c>, <c>enterprise_required</c>, <c>policy_invalid</c>,
    /// <c>max_members_below_count</c>.
    /// </returns>
    public Task<ClientOutcome<PolicyOfNetwork>> SetNetworkPolicyAsync(
        NetworkId network, PolicyChange change, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return MutateAsync(
            "set_network_policy",
            f => change.Write(f.Write("network_id", network)),
            a => new PolicyOfNetwork(a.Network(), a.Policy()),
            cancel);
    }

    /// <summary>Sets the expression policy. For the owner and admins of the network, and admins of the registry.</summary>
    /// <param name="network">The network.</param>
    /// <param name="document">A JSON object of at most 64 KiB, <c>version</c> 1 and <c>rules</c> not empty; null for none.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Rejected: <c>network_not_found</c>, <c>not_a_member</c>, <c>role_required</c>, <c>expr_policy_invalid</c>.</returns>
    public Task<ClientOutcome<ExprPolicyChange>> SetExprPolicyAsync(
        NetworkId network, string? document, CancellationToken cancel = default) => MutateAsync(
        "set_expr_policy",
        f =>
        {
            f.Write("network_id", network).WriteDocument("expr_policy", document);
            if (document is null) f.WriteNull("expr_policy");
        },
        a => new ExprPolicyChange(a.Network(), a.Flag("cleared")),
        cancel);

    /// <summary>Replaces the roles that wait for external ids in an enterprise network. Admin only.</summary>
    /// <param name="network">The network.</param>
    /// <param name="roles">Up to 10000, no external id empty or twice, each admin or member.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>
    /// Rejected: <c>admin_required</c>, <c>network_not_found</c>, <c>enterprise_required</c>, <c>external_id_invalid</c>,
    /// <c>invalid_role</c>, <c>too_many_preassignments</c>.
    /// </returns>
    public Task<ClientOutcome<PreAssignmentCount>> SetRbacPreassignmentsAsync(
        NetworkId network, IReadOnlyList<PreAssignment> roles, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(roles);
        return MutateAsync(
            "set_rbac_preassignments",
            f => f.Write("network_id", network).Write("roles", roles),
            a => new PreAssignmentCount(a.Network(), a.UInt32("count")),
            cancel);
    }

    /// <summary>Lists the networks that the requester may see, by id, the backbone first. For anybody.</summary>
    /// <returns>Rejected: <c>answer_too_large</c> without a limit.</returns>
    public Task<ClientOutcome<ListPage<NetworkInfo>>> ListNetworksAsync(ListOptions? options = null, CancellationToken cancel = default) =>
        AskAsync("list_networks", _ => { }, options, a => new ListPage<NetworkInfo>(a.List("networks", ReadNetwork), a.Next), cancel);

    /// <summary>Goes through all networks that the requester may see, a page at a time.</summary>
    /// <exception cref="MembershipRequestException">A page was rejected.</exception>
    public IAsyncEnumerable<NetworkInfo> EnumerateNetworksAsync(QueryOptions? options = null, CancellationToken cancel = default) =>
        EnumerateAsync(async (page, stop) => (await ListNetworksAsync(page, stop)).Require(), options, cancel);

    /// <summary>Reads a network. For whoever may see it.</summary>
    /// <returns>Rejected: <c>network_not_found</c>.</returns>
    public Task<ClientOutcome<NetworkInfo>> GetNetworkAsync(
        NetworkId network, QueryOptions? options = null, CancellationToken cancel = default) =>
        AskAsync("get_network", f => f.Write("network_id", network), options, ReadNetwork, cancel);

    /// <summary>Reads a network's policy. For whoever may see the network.</summary>
    /// <returns>Rejected: <c>network_not_found</c>.</returns>
    public Task<ClientOutcome<PolicyOfNetwork>> GetNetworkPolicyAsync(
        NetworkId network, QueryOptions? options = null, CancellationToken cancel = default) => AskAsync(
        "get_network_policy",
        f => f.Write("network_id", network),
        options,
        a => new PolicyOfNetwork(a.Network(), a.Policy()),
        cancel);

    /// <summary>Reads a network's expression policy. For whoever may see the network.</summary>
    /// <returns>Rejected: <c>network_not_found</c>.</returns>
    public Task<ClientOutcome<NetworkExprPolicy>> GetExprPolicyAsync(
        NetworkId network, QueryOptions? options = null, CancellationToken cancel = default) => AskAsync(
        "get_expr_policy",
        f => f.Write("network_id", network),
        options,
        a => new NetworkExprPolicy(a.Network(), a.Document("expr_policy")),
        cancel);

    /// <summary>Lists the roles that wait for external ids, by external id. Admin only.</summary>
    /// <returns>Rejected: <c>admin_required</c>, <c>network_not_found</c>, <c>answer_too_large</c> without a limit.</returns>
    public Task<ClientOutcome<ListPage<PreAssignment>>> GetRbacPreassignmentsAsync(
        NetworkId network, ListOptions? options = null, CancellationToken cancel = default) => AskAsync(
        "get_rbac_preassignments",
        f => f.Write("network_id", network),
        options,
        a => new ListPage<PreAssignment>(
            a.List("roles", (AnswerReader role) => new PreAssignment(role.Text("external_id"), role.Role("role"))), a.Next),
        cancel);

    /// <summary>Goes through all roles that wait for external ids, a page at a time.</summary>
    /// <exception cref="MembershipRequestException">A page was rejected.</exception>
    public IAsyncEnumerable<PreAssignment> EnumerateRbacPreassignmentsAsync(
        NetworkId network, QueryOptions? options = null, CancellationToken cancel = default) =>
        EnumerateAsync(async (page, stop) => (await GetRbacPreassignmentsAsync(network, page, stop)).Require(), options, cancel);

    private static NetworkInfo ReadNetwork(AnswerReader a) => new(
        a.Network("id"),
        a.Text("name"),
        a.JoinRule("join_rule"),
        a.Flag("enterprise"),
        a.Seconds("created"),
        a.OptionalUInt32("members"),
        a.OptionalUInt32("max_members") ?? 0,
        a.OptionalText("description") ?? "",
        a.Rules("rules"),
        a.Flag("has_expr_policy"));
}
