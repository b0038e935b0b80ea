namespace Membership.Tests.Model;

// The rows of nodes: register, deregister, rotate, external id, task-exec.
internal sealed partial class MembershipModel
{
    private Code Register(RegisterNode m)
    {
        if (!IsAdmin && !(_actor.Kind == ActorKind.Key && _actor.PublicKey == m.PublicKey)) return Code.NotAuthorized;
        if (!IsAdmin && m.ExternalId is not null) return Code.AdminRequired;
        if (m.Verdict == Code.KeyInvalid) return Code.KeyInvalid;
        if (m.ExternalId is not null && !IsExternalId(m.ExternalId)) return Code.ExternalIdInvalid;
        if (Nodes.Find(node => node.Key == m.PublicKey) is { } existing)
        {
            _results = new(Node: new(existing.Id), Flag: true);
            return Code.Ok;
        }

        if (Nodes.Any(node => node.FormerKeys.Contains(m.PublicKey))) return Code.KeyInUse;
        if (Nodes.Count >= Limits.MaxNodes) return Code.TooManyNodes;

        var id = ++LastNodeId;
        Nodes.Add(new ModelNode { Id = id, Key = m.PublicKey, ExternalId = m.ExternalId ?? "", RegisteredAt = Time });
        _results = new(Node: new(id));
        Own("node.registered", ("node_id", id));
        return Code.Ok;
    }

    private Code Deregister(DeregisterNode m)
    {
        if (Fields(null, m.Node) is not Code.Ok and var fault) return fault;
        if (!IsNodeOrAdmin(m.Node)) return Code.NotAuthorized;
        _results = new(Node: m.Node, Flag: Node(m.Node) is not null);
        if (Node(m.Node) is not { } node) return Code.Ok;

        Own("node.deregistered", ("node_id", node.Id));
        foreach (var network in Networks.Where(network => network.Member(node.Id) is not null).OrderBy(network => network.Id))
        {
            Own("network.left", ("node_id", node.Id), ("network_id", network.Id));
            TakeOut(network, node.Id);
        }

        foreach (var invite in Invites.Where(invite => invite.Target == node.Id || invite.Inviter == node.Id).ToList())
            Drop(invite, "node_deregistered");
        Nodes.Remove(node);
        return Code.Ok;
    }

    private Code Rotate(RotateNodeKey m)
    {
        if (Fields(null, m.Node) is not Code.Ok and var fault) return fault;
        if (!IsNodeOrAdmin(m.Node)) return Code.NotAuthorized;
        if (m.Verdict == Code.KeyInvalid) return Code.KeyInvalid;
        if (Node(m.Node) is not { } node) return Code.NodeNotFound;
        if (m.Verdict == Code.SignatureInvalid) return Code.SignatureInvalid;
        if (Nodes.Any(held => held.Key == m.PublicKey || held.FormerKeys.Contains(m.PublicKey))) return Code.KeyInUse;

        node.FormerKeys.Add(node.Key);
        node.Key = m.PublicKey;
        node.KeyVersion++;
        _results = new(Node: m.Node, Number: node.KeyVersion);
        Own("node.key_rotated", ("node_id", node.Id), ("key_version", node.KeyVersion));
        return Code.Ok;
    }

    private Code SetExternal(SetExternalId m)
    {
        if (Fields(null, m.Node) is not Code.Ok and var fault) return fault;
        if (!IsAdmin) return Code.AdminRequired;
        if (!IsExternalId(m.ExternalId)) return Code.ExternalIdInvalid;
        if (Node(m.Node) is not { } node) return Code.NodeNotFound;

        _results = new(Node: m.Node);
        if (node.ExternalId != m.ExternalId)
        {
            node.ExternalId = m.ExternalId;
            Own("identity.external_id_set", ("node_id", node.Id), ("external_id", m.ExternalId));
        }

        foreach (var network in Networks.OrderBy(network => network.Id))
        {
            if (network.Member(node.Id) is not { } member || member.Role == Role.Owner) continue;
            if (PreAssigned(network, node) is not { } role || role == member.Role) continue;
            ChangeRole(network, member, role, cause: "pre_assignment");
        }

        return Code.Ok;
    }

    private Code SetTask(SetTaskExec m)
    {
        if (Fields(null, m.Node) is not Code.Ok and var fault) return fault;
        if (!IsNodeOrAdmin(m.Node)) return Code.NotAuthorized;
        if (Node(m.Node) is not { } node) return Code.NodeNotFound;

        _results = new(Node: m.Node);
        if (node.TaskExec == m.Enabled) return Code.Ok;
        Own("task_exec.changed", ("node_id", node.Id), ("old_enabled", node.TaskExec), ("new_enabled", m.Enabled));
        node.TaskExec = m.Enabled;
        return Code.Ok;
    }
}
