using System.Collections.Immutable;
using Membership.Events;

namespace Membership.Tests.Golden;

/// <summary>Events of every kind. To cover more, add a row; a released row is never changed.</summary>
internal static class GoldenEvents
{
    private static readonly NetworkId Net = new(300);
    private static readonly NodeId Alice = new(1);
    private static readonly NodeId Bob = new(70_000);

    private static readonly NetworkPolicy Policy = new(7, [443, 80], "one räck");

    public static IReadOnlyDictionary<string, Event> All { get; } = new Dictionary<string, Event>
    {
        ["node.registered"] = new NodeRegistered(Alice),
        ["node.deregistered"] = new NodeDeregistered(Alice),
        ["node.key_rotated"] = new NodeKeyRotated(Alice, 2),
        ["identity.external_id_set"] = new ExternalIdSet(Alice, "Éve@corp"),
        ["task_exec.changed"] = new TaskExecChanged(Alice, false, true),
        ["network.created"] = new NetworkCreated(Net, "ops", JoinRule.Invite, Alice, true, false),
        ["network.deleted"] = new NetworkDeleted(Net, "ops", 10_000, true),
        ["network.renamed"] = new NetworkRenamed(Net, "ops", "infra"),
        ["network.enterprise_changed"] = new NetworkEnterpriseChanged(Net, true, 0),
        ["network.join_rule_changed"] = new NetworkJoinRuleChanged(Net, JoinRule.Open, JoinRule.Token, true),
        ["network.admin_token_changed"] = new NetworkAdminTokenChanged(Net),
        ["network.policy_changed"] = new NetworkPolicyChanged(Net, NetworkPolicy.None, Policy),
        ["network.policy_changed.description"] = new NetworkPolicyChanged(Net, Policy, Policy with { Description = "" }),
        ["network.expr_policy_set"] = new ExprPolicySet(Net, 65_536),
        ["network.expr_policy_cleared"] = new ExprPolicyCleared(Net),
        ["rbac.preassignments_set"] = new PreAssignmentsSet(Net, 10_000),
        ["network.joined"] = new NetworkJoined(Bob, Net, Role.Member),
        ["network.left"] = new NetworkLeft(Bob, Net),
        ["network.owner_changed"] = new OwnerChanged(Net, Alice, Bob, OwnerChangeCause.Succession),
        ["network.owner_changed.first"] = new OwnerChanged(Net, NodeId.Nobody, Bob, OwnerChangeCause.FirstJoiner),
        ["network.ownership_transferred"] = new OwnershipTransferred(Net, Alice, Bob, Role.Admin),
        ["member.kicked"] = new MemberKicked(Bob, Net, Role.Admin),
        ["member.promoted"] = new MemberPromoted(Net, Bob, Role.Member),
        ["member.promoted.pre_assignment"] = new MemberPromoted(Net, Bob, Role.Member, RoleChangeCause.PreAssignment),
        ["member.demoted"] = new MemberDemoted(Net, Bob, Role.Admin),
        ["member_tags.changed"] = new MemberTagsChanged(Net, Bob, ["web", "db"]),
        ["member_tags.changed.none"] = new MemberTagsChanged(Net, Bob, []),
        ["invite.created"] = new InviteCreated(Net, Alice, Bob),
        ["invite.responded"] = new InviteResponded(Bob, Net, true),
        ["invite.revoked"] = new InviteRevoked(Net, Bob, InviteRevokeCause.InviterDemoted),
        ["invite.expired"] = new InviteExpired(Net, Bob),
    };
}
