using System.Text;

namespace Membership.Tests.Model;

// The rows of networks: create, delete, rename, flags, rules, tokens, policies, pre-assignments.
internal sealed partial class MembershipModel
{
    private Code Create(CreateNetwork m)
    {
        if (Fields(null, m.Creator) is not Code.Ok and var fault) return fault;
        if (!IsAdmin) return Code.AdminRequired;
        if (m.Verdict == Code.RulesInvalid || (m.Rules is not null && !AreRules(m.Rules))) return Code.RulesInvalid;
        if (m.Verdict == Code.ExprPolicyInvalid || m.ExprPolicy.Length > Limits.ExprPolicyBytesMax) return Code.ExprPolicyInvalid;
        if (Name(m.Name) is not Code.Ok and var nameFault) return nameFault;
        if (!Enum.IsDefined(m.JoinRule)) return Code.JoinRuleInvalid;
        if (m.JoinRule == JoinRule.Token && m.JoinToken is null) return Code.TokenRequired;
        if (m.JoinRule == JoinRule.Invite && !m.Enterprise) return Code.EnterpriseRequired;
        if (Node(m.Creator) is null) return Code.NodeNotFound;
        if (Networks.Any(network => network.Name == m.Name)) return Code.NameTaken;
        if (LastNetworkId >= Limits.MaxNetworkId && FreedNetworkIds.Count == 0) return Code.IdSpaceExhausted;

        var created = new ModelNetwork
        {
            Id = NextNetworkId(),
            Name = m.Name,
            JoinRule = m.JoinRule,
            Enterprise = m.Enterprise,
            CreatedAt = Time,
            JoinToken = m.JoinRule == JoinRule.Token ? new(Revision, m.JoinToken!.Value) : null,
            AdminToken = m.AdminToken is { } verifier ? new(Revision, verifier) : null,
            Rules = m.Rules,
            ExprPolicy = m.ExprPolicy.ToArray(),
        };
        created.Members.Add(new ModelMember { Node = m.Creator.Value, Role = Role.Owner, JoinedAt = Time });
        Networks.Add(created);
        _results = new(Network: new(created.Id));
        Own(
            "network.created", ("network_id", created.Id), ("name", m.Name), ("join_rule", m.JoinRule),
            ("creator_node_id", m.Creator), ("enterprise", m.Enterprise), ("managed", m.Rules is not null));
        return Code.Ok;
    }

    /// <summary>In increasing order; when the last has been given out, the longest free.</summary>
    private ushort NextNetworkId()
    {
        if (LastNetworkId < Limits.MaxNetworkId) return ++LastNetworkId;
        var freed = FreedNetworkIds[0];
        FreedNetworkIds.RemoveAt(0);
        return freed;
    }

    private bool AreRules(RuleSet rules) =>
        rules.Links >= 1
        && rules.Cycle.Nanoseconds >= Limits.RulesCycleNsMin
        && rules.Prune <= rules.Links
        && rules.Fill <= rules.Links
        && Enum.IsDefined(rules.PruneBy)
        && Enum.IsDefined(rules.FillHow)
        && !(rules.Grace?.Nanoseconds < 0);

    private Code Delete(DeleteNetwork m)
    {
        if (Fields(m.Network, m.Node) is not Code.Ok and var fault) return fault;
        if (OwnerGate(m.Network, m.Node) is not Code.Ok and var refusal) return refusal;

        var network = Network(m.Network)!;
        Own(
            "network.deleted", ("network_id", network.Id), ("name", network.Name), ("members", network.Members.Count),
            ("enterprise", network.Enterprise));
        DropAll(network, "network_deleted");
        Networks.Remove(network);
        FreedNetworkIds.Add(network.Id);
        return Code.Ok;
    }

    private Code Rename(RenameNetwork m)
    {
        if (Fields(m.Network, m.Node) is not Code.Ok and var fault) return fault;
        if (ManagerGate(m.Network, m.Node) is not Code.Ok and var refusal) return refusal;
        if (Name(m.Name) is not Code.Ok and var nameFault) return nameFault;
        var network = Network(m.Network)!;
        if (Networks.Any(other => other != network && other.Name == m.Name)) return Code.NameTaken;

        if (network.Name == m.Name) return Code.Ok;
        Own("network.renamed", ("network_id", network.Id), ("old_name", network.Name), ("new_name", m.Name));
        network.Name = m.Name;
        return Code.Ok;
    }

    private Code SetEnterprise(SetNetworkEnterprise m)
    {
        if (Fields(m.Network) is not Code.Ok and var fault) return fault;
        if (!IsAdmin) return Code.AdminRequired;
        if (Network(m.Network) is not { } network) return Code.NetworkNotFound;
        if (!m.Enterprise && network.JoinRule == JoinRule.Invite) return Code.CannotDisable;

        if (network.Enterprise == m.Enterprise) return Code.Ok;
        network.Enterprise = m.Enterprise;
        Own(
            "network.enterprise_changed", ("network_id", network.Id), ("enterprise", m.Enterprise),
            ("members", network.Members.Count));
        return Code.Ok;
    }

    private Code SetRule(SetJoinRule m)
    {
        if (Fields(m.Network, m.Node) is not Code.Ok and var fault) return fault;
        if (OwnerGate(m.Network, m.Node) is not Code.Ok and var refusal) return refusal;
        if (!Enum.IsDefined(m.JoinRule)) return Code.JoinRuleInvalid;
        var network = Network(m.Network)!;
        var (oldRule, oldToken) = (network.JoinRule, network.JoinToken);
        if (m.JoinRule == JoinRule.Token && m.Token is null && oldRule != JoinRule.Token) return Code.TokenRequired;
        if (m.JoinRule == JoinRule.Invite && !network.Enterprise) return Code.EnterpriseRequired;

        network.JoinRule = m.JoinRule;
        if (m.JoinRule != JoinRule.Token) network.JoinToken = null;
        else if (m.Token is { } verifier) network.JoinToken = new(Revision, verifier);
        if (oldRule == JoinRule.Invite && m.JoinRule != JoinRule.Invite) DropAll(network, "join_rule_changed");
        var tokenChanged = network.JoinToken?.Version != oldToken?.Version;
        if (oldRule == m.JoinRule && !tokenChanged) return Code.Ok;
        Own(
            "network.join_rule_changed", ("network_id", network.Id), ("old_rule", oldRule), ("new_rule", m.JoinRule),
            ("token_changed", tokenChanged));
        return Code.Ok;
    }

    private Code SetAdminToken(SetNetworkAdminToken m)
    {
        if (Fields(m.Network, m.Node) is not Code.Ok and var fault) return fault;
        if (OwnerGate(m.Network, m.Node) is not Code.Ok and var refusal) return refusal;

        var network = Network(m.Network)!;
        if (m.Token is null && network.AdminToken is null) return Code.Ok;
        network.AdminToken = m.Token is { } verifier ? new(Revision, verifier) : null;
        Own("network.admin_token_changed", ("network_id", network.Id));
        return Code.Ok;
    }

    private Code SetPolicy(SetNetworkPolicy m)
    {
        if (Fields(null, m.Node) is not Code.Ok and var fault) return fault;
        if (m.MaxMembers is null && m.AllowedPorts is null && m.Description is null) return Code.InvalidArgument;
        if (m.Network.IsBackbone) return Code.Backbone;
        if (ManagerGate(m.Network, m.Node) is not Code.Ok and var refusal) return refusal;
        var network = Network(m.Network)!;
        if (!network.Enterprise) return Code.EnterpriseRequired;
        if (m.MaxMembers > Limits.PolicyMembersMax) return Code.PolicyInvalid;
        if (m.AllowedPorts is { } given && (given.Length > Limits.PolicyPortsMax || given.Any(port => port is < 1 or > 65535)))
            return Code.PolicyInvalid;
        if (m.Description is not null && !IsDescription(m.Description)) return Code.PolicyInvalid;
        if (m.MaxMembers is not (null or 0) && m.MaxMembers < network.Members.Count) return Code.MaxMembersBelowCount;

        MergePolicy(network, m);
        return Code.Ok;
    }

    private bool IsDescription(string text) =>
        Encoding.UTF8.GetByteCount(text) <= Limits.PolicyDescriptionBytesMax && !text.Any(char.IsControl);

    private void MergePolicy(ModelNetwork network, SetNetworkPolicy m)
    {
        var changed = new List<(string Name, object Value)> { ("network_id", network.Id) };
        if (m.MaxMembers is { } members && members != network.MaxMembers)
        {
            changed.AddRange([("old_max_members", network.MaxMembers), ("new_max_members", members)]);
            network.MaxMembers = members;
        }

        if (m.AllowedPorts is { } given)
        {
            var ports = given.Select(port => (ushort)port).Distinct().ToList();
            if (!ports.SequenceEqual(network.AllowedPorts))
            {
                changed.AddRange([("old_allowed_ports", network.AllowedPorts), ("new_allowed_ports", ports)]);
                network.AllowedPorts = ports;
            }
        }

        if (m.Description is { } text && text != network.Description)
        {
            changed.AddRange([("old_description", network.Description), ("new_description", text)]);
            network.Description = text;
        }

        if (changed.Count > 1) Own("network.policy_changed", [.. changed]);
    }

    private Code SetExpr(SetExprPolicy m)
    {
        if (Fields(m.Network, m.Node) is not Code.Ok and var fault) return fault;
        if (ManagerGate(m.Network, m.Node) is not Code.Ok and var refusal) return refusal;
        if (m.Verdict == Code.ExprPolicyInvalid || m.Document.Length > Limits.ExprPolicyBytesMax) return Code.ExprPolicyInvalid;

        var network = Network(m.Network)!;
        if (m.Document.Span.SequenceEqual(network.ExprPolicy)) return Code.Ok;
        network.ExprPolicy = m.Document.ToArray();
        if (m.Document.IsEmpty) Own("network.expr_policy_cleared", ("network_id", network.Id));
        else Own("network.expr_policy_set", ("network_id", network.Id), ("size", m.Document.Length));
        return Code.Ok;
    }

    private Code SetPreassignments(SetRbacPreassignments m)
    {
        if (Fields(m.Network) is not Code.Ok and var fault) return fault;
        if (!IsAdmin) return Code.AdminRequired;
        if (Network(m.Network) is not { } network) return Code.NetworkNotFound;
        if (!network.Enterprise) return Code.EnterpriseRequired;
        var seen = new HashSet<string>();
        foreach (var (externalId, role) in m.Roles)
        {
            if (externalId.Length == 0 || !IsExternalId(externalId) || !seen.Add(Folded(externalId))) return Code.ExternalIdInvalid;
            if (role is not (Role.Admin or Role.Member)) return Code.InvalidRole;
        }

        if (m.Roles.Length > Limits.PreAssignmentsMax) return Code.TooManyPreassignments;

        _results = new(Number: (uint)m.Roles.Length);
        if (m.Roles.ToHashSet().SetEquals(network.PreAssignments)) return Code.Ok;
        network.PreAssignments = [.. m.Roles];
        Own("rbac.preassignments_set", ("network_id", network.Id), ("count", m.Roles.Length));
        return Code.Ok;
    }
}
