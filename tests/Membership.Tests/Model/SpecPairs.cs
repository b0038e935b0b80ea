namespace Membership.Tests.Model;

/// <summary>
/// Every (command × outcome) pair of the specification that the state machine can answer: the model's runs must hit all of them and
/// no other. The pairs of the specification that never come up inside the state machine stand at the end, each with its reason.
/// </summary>
internal static class SpecPairs
{
    // The role gate (2.8), for a node, a network's admin token and a key that only registers.
    private const string Gate = "network_not_found actor_not_a_member role_required not_authorized";
    private const string Fields = "invalid_argument backbone";

    public static IReadOnlyList<(string Row, string Outcome)> Required { get; } =
    [
        .. Row("register_node", "not_authorized admin_required key_invalid external_id_invalid key_in_use too_many_nodes", "ok", "ok, existing"),
        .. Row("deregister_node", "invalid_argument not_authorized", "ok", "ok, not existing"),
        .. Row("rotate_node_key", "ok invalid_argument not_authorized key_invalid node_not_found signature_invalid key_in_use"),
        .. Row("set_external_id", "invalid_argument admin_required external_id_invalid node_not_found", "ok", "ok, no change"),
        .. Row("set_task_exec", "invalid_argument not_authorized node_not_found", "ok", "ok, no change"),
        .. Row(
            "create_network",
            "ok invalid_argument admin_required rules_invalid expr_policy_invalid name_invalid name_reserved join_rule_invalid "
            + "token_required enterprise_required node_not_found name_taken id_space_exhausted"),
        .. Row("delete_network", $"ok {Fields} {Gate}"),
        .. Row("rename_network", $"{Fields} {Gate} name_invalid name_reserved name_taken", "ok", "ok, no change"),
        .. Row("set_network_enterprise", "backbone admin_required network_not_found cannot_disable", "ok", "ok, no change"),
        .. Row("set_join_rule", $"{Fields} {Gate} join_rule_invalid token_required enterprise_required", "ok", "ok, no change"),
        .. Row("set_network_admin_token", $"{Fields} {Gate}", "ok", "ok, no change"),
        .. Row(
            "set_network_policy", $"{Fields} {Gate} enterprise_required policy_invalid max_members_below_count", "ok", "ok, no change"),
        .. Row("set_expr_policy", $"{Fields} {Gate} expr_policy_invalid", "ok", "ok, no change"),
        .. Row(
            "set_rbac_preassignments",
            "backbone admin_required network_not_found enterprise_required external_id_invalid invalid_role too_many_preassignments",
            "ok", "ok, no change"),
        .. Row(
            "join_network",
            $"{Fields} not_authorized node_not_found network_not_found join_token_invalid invite_only already_member network_full",
            "ok, as owner", "ok, as admin", "ok, as member"),
        .. Row("leave_network", $"ok {Fields} not_authorized node_not_found network_not_found not_a_member cannot_leave"),
        .. Row("kick_member", $"ok {Fields} {Gate} not_a_member enterprise_required cannot_kick_owner cannot_kick_admin"),
        .. Row("promote_member", $"ok {Fields} {Gate} not_a_member enterprise_required cannot_change_owner already_admin"),
        .. Row("demote_member", $"ok {Fields} {Gate} not_a_member enterprise_required cannot_change_owner already_plain_member"),
        .. Row("transfer_ownership", $"ok {Fields} {Gate} not_a_member enterprise_required already_owner"),
        .. Row("set_member_tags", $"{Fields} {Gate} not_a_member too_many_tags tag_invalid", "ok", "ok, no change"),
        .. Row(
            "invite_to_network",
            $"{Fields} {Gate} self_invite node_not_found enterprise_required not_invite_network already_member inbox_full "
            + "too_many_invites",
            "ok", "ok, already_invited"),
        .. Row(
            "respond_invite", $"{Fields} not_authorized invite_not_found network_full",
            "ok, refused", "ok, as owner", "ok, as admin", "ok, as member"),
        .. Row("revoke_invite", $"ok {Fields} {Gate} invite_not_found"),
        .. Row(
            "session",
            "invalid_argument request_id_reused request_settled request_from_future too_many_unsettled overloaded",
            "repeated success", "repeated rejection", "request_expired (behind)", "request_expired (floor time)",
            "stale_credential (Node)", "stale_credential (NetworkAdmin)", "stale_credential (proof)", "too_many_sessions (Admin)",
            "too_many_sessions (NetworkAdmin)", "too_many_sessions (Node)", "too_many_sessions (Key)",
            "pushed out, signed", "pushed out, unsigned", "gone by age"),
        .. Row("entry", "unknown_command invalid_argument", "unreadable mutation"),
        .. Row("sweep", "some full"),
        .. Row(
            "event",
            "node.registered node.deregistered node.key_rotated identity.external_id_set task_exec.changed network.created "
            + "network.deleted network.renamed network.enterprise_changed network.join_rule_changed network.admin_token_changed "
            + "network.policy_changed network.expr_policy_set network.expr_policy_cleared rbac.preassignments_set network.joined "
            + "network.left member.kicked member.promoted member.demoted network.ownership_transferred member_tags.changed "
            + "invite.created invite.responded invite.expired",
            "network.owner_changed (succession)", "network.owner_changed (first_joiner)", "member.promoted (pre_assignment)",
            "member.demoted (pre_assignment)", "invite.revoked (revoked)", "invite.revoked (inviter_left)",
            "invite.revoked (inviter_kicked)", "invite.revoked (inviter_demoted)", "invite.revoked (node_deregistered)",
            "invite.revoked (join_rule_changed)", "invite.revoked (network_deleted)"),
    ];

    /// <summary>Pairs that the specification's rows name and that cannot come up once a mutation is in the log.</summary>
    public static IReadOnlyList<(string Row, string Outcome, string Reason)> Impossible { get; } =
    [
        ("register_node", "invalid_argument", "it names no node; one that cannot be decoded counts under entry"),
        ("set_network_enterprise", "invalid_argument", "it names no node"),
        ("set_rbac_preassignments", "invalid_argument", "it names no node"),
        ("respond_invite", "node_not_found", "only the node itself may answer, and an actor that is not registered is stale_credential"),
        ("respond_invite", "already_member", "a member holds no invite (I4)"),
    ];

    private static IEnumerable<(string, string)> Row(string row, string outcomes, params string[] more) =>
        outcomes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Concat(more).Select(outcome => (row, outcome));
}
