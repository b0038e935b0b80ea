using System.Collections.Immutable;
using static Membership.Tests.Golden.GoldenValues;

namespace Membership.Tests.Golden;

/// <summary>
/// Proposals of every kind, with every actor and with each optional field there and not there. To cover more, add a row; the name of a
/// row that was released is never used for another value.
/// </summary>
internal static class GoldenProposals
{
    public static IReadOnlyDictionary<string, Proposal> All { get; } = new Dictionary<string, Proposal>
    {
        ["register_node.by_key"] = Signed(Actor.ForKey(Key(7)), new RegisterNode(Key(7))),
        ["register_node.by_admin"] = By(Actor.Admin(), new RegisterNode(Key(8), "böb@corp")),
        ["register_node.key_invalid"] = By(Actor.Admin(3), new RegisterNode(default, null, Code.KeyInvalid)),
        ["deregister_node.by_node"] = Signed(Actor.ForNode(new(70_000), 3), new DeregisterNode(new(70_000)), settled: 41),
        ["deregister_node.by_admin"] = By(Actor.Admin(uint.MaxValue), new DeregisterNode(new(uint.MaxValue))),
        ["rotate_node_key.ok"] = Signed(Actor.ForNode(new(1)), new RotateNodeKey(new(1), Key(9))),
        ["rotate_node_key.signature_invalid"] = By(Actor.Admin(), new RotateNodeKey(new(1), Key(9), Code.SignatureInvalid)),
        ["set_external_id.some"] = By(Actor.Admin(), new SetExternalId(new(1), "Éve@corp")),
        ["set_external_id.empty"] = By(Actor.Admin(), new SetExternalId(new(1), "")),
        ["set_task_exec.on"] = By(Actor.ForNode(new(1)), new SetTaskExec(new(1), true)),
        ["set_task_exec.off"] = By(Actor.ForNode(new(1)), new SetTaskExec(new(1), false)),
        ["create_network.least"] = By(Actor.Admin(), new CreateNetwork { Creator = new(1), Name = "ops" }),
        ["create_network.most"] = By(Actor.Admin(), Managed),
        ["create_network.rules_without_grace"] = By(Actor.Admin(), Managed with { Rules = Rules with { Grace = null } }),
        ["create_network.rules_invalid"] = By(
            Actor.Admin(), new CreateNetwork { Creator = new(1), Name = "", JoinRule = 0, Verdict = Code.RulesInvalid }),
        ["delete_network.plain"] = By(Actor.ForNode(new(1)), new DeleteNetwork(new(65_535))),
        ["delete_network.with_node_id"] = By(Actor.ForNode(new(1)), new DeleteNetwork(new(1), new NodeId(1))),
        ["rename_network.by_network_admin"] = By(Actor.NetworkAdmin(new(1), 500), new RenameNetwork(new(1), "infra")),
        ["rename_network.by_network_owner"] = By(
            Actor.NetworkAdmin(new(65_535), ulong.MaxValue, Role.Owner), new RenameNetwork(new(65_535), "infra", new NodeId(2))),
        ["set_network_enterprise.on"] = By(Actor.Admin(), new SetNetworkEnterprise(new(1), true)),
        ["set_join_rule.open"] = By(Actor.ForNode(new(1)), new SetJoinRule(new(1), JoinRule.Open)),
        ["set_join_rule.token"] = By(Actor.ForNode(new(1)), new SetJoinRule(new(1), JoinRule.Token, Verifier(1), new NodeId(1))),
        ["set_join_rule.invite"] = By(Actor.ForNode(new(1)), new SetJoinRule(new(1), JoinRule.Invite)),
        ["set_network_admin_token.set"] = By(Actor.ForNode(new(1)), new SetNetworkAdminToken(new(1), Verifier(2))),
        ["set_network_admin_token.cleared"] = By(Actor.ForNode(new(1)), new SetNetworkAdminToken(new(1), null, new NodeId(1))),
        ["set_network_policy.all"] = By(
            Actor.ForNode(new(1)),
            new SetNetworkPolicy
            {
                Network = new(1), MaxMembers = 70_000, AllowedPorts = [443, 80], Description = "one räck", Node = new NodeId(1),
            }),
        ["set_network_policy.max_members"] = By(Actor.Admin(), new SetNetworkPolicy { Network = new(1), MaxMembers = 0 }),
        ["set_network_policy.no_ports"] = By(Actor.Admin(), new SetNetworkPolicy { Network = new(1), AllowedPorts = [] }),
        ["set_expr_policy.set"] = By(Actor.Admin(), new SetExprPolicy(new(1), ExprPolicy)),
        ["set_expr_policy.cleared"] = By(Actor.Admin(), new SetExprPolicy(new(1), default)),
        ["set_expr_policy.invalid"] = By(Actor.Admin(), new SetExprPolicy(new(1), default, Code.ExprPolicyInvalid, new NodeId(1))),
        ["set_rbac_preassignments.some"] = By(
            Actor.Admin(), new SetRbacPreassignments(new(1), [new("Bob@corp", Role.Admin), new("eve", Role.Member), new("x", Role.None)])),
        ["set_rbac_preassignments.none"] = By(Actor.Admin(), new SetRbacPreassignments(new(1), [])),
        ["join_network.plain"] = Signed(Actor.ForNode(new(1)), new JoinNetwork(new(1), new(1))),
        ["join_network.with_proof"] = By(Actor.Admin(), new JoinNetwork(new(1), new(1), new TokenProof(500, Verifier(1).Mac))),
        ["leave_network.plain"] = By(Actor.ForNode(new(1)), new LeaveNetwork(new(1), new(1))),
        ["kick_member.plain"] = By(Actor.ForNode(new(1)), new KickMember(new(1), new(2))),
        ["kick_member.with_node_id"] = By(Actor.ForNode(new(1)), new KickMember(new(1), new(2), new NodeId(1))),
        ["promote_member.plain"] = By(Actor.ForNode(new(1)), new PromoteMember(new(1), new(2))),
        ["demote_member.plain"] = By(Actor.ForNode(new(1)), new DemoteMember(new(1), new(2))),
        ["transfer_ownership.plain"] = By(Actor.ForNode(new(1)), new TransferOwnership(new(1), new(2))),
        ["set_member_tags.some"] = By(Actor.ForNode(new(1)), new SetMemberTags(new(1), new(2), ["web", "db"], new NodeId(1))),
        ["set_member_tags.none"] = By(Actor.ForNode(new(1)), new SetMemberTags(new(1), new(2), [])),
        ["invite_to_network.plain"] = By(Actor.ForNode(new(1)), new InviteToNetwork(new(1), new(1), new(2))),
        ["respond_invite.accept"] = Signed(Actor.ForNode(new(2)), new RespondInvite(new(2), new(1), true)),
        ["respond_invite.refuse"] = Signed(Actor.ForNode(new(2)), new RespondInvite(new(2), new(1), false)),
        ["revoke_invite.plain"] = By(Actor.ForNode(new(1)), new RevokeInvite(new(1), new(2))),
    };

    private static RuleSet Rules => new(
        Links: 300,
        Cycle: new("1h30m", 5_400_000_000_000),
        Prune: 3,
        Fill: 2,
        PruneBy.Activity,
        FillHow.Random,
        Grace: new("0", 0));

    /// <summary>A network with everything that a creation may give.</summary>
    public static CreateNetwork Managed => new()
    {
        Creator = new(70_000),
        Name = "ops-2",
        JoinRule = JoinRule.Token,
        JoinToken = Verifier(1),
        AdminToken = Verifier(2),
        Enterprise = true,
        Rules = Rules,
        ExprPolicy = ExprPolicy,
    };

    private static Proposal By(Actor actor, Mutation mutation) => new(Id, Content, actor, mutation);

    private static Proposal Signed(Actor actor, Mutation mutation, ulong? settled = null) =>
        By(actor, mutation) with { IssuedAt = 1_763_900_000, Settled = settled };
}
