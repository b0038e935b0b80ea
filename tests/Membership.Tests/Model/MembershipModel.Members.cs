namespace Membership.Tests.Model;

// The rows of members: join, leave, kick, roles, ownership, tags; and succession.
internal sealed partial class MembershipModel
{
    private Code Join(JoinNetwork m)
    {
        if (Fields(m.Network, m.Node) is not Code.Ok and var fault) return fault;
        if (!IsNodeOrAdmin(m.Node)) return Code.NotAuthorized;
        if (Node(m.Node) is not { } node) return Code.NodeNotFound;
        if (Network(m.Network) is not { } network) return Code.NetworkNotFound;
        if (network.JoinRule == JoinRule.Invite) return Code.InviteOnly;
        if (network.JoinRule == JoinRule.Token && m.Proof?.Mac != network.JoinToken!.Value.Verifier.Mac) return Code.JoinTokenInvalid;
        if (network.Member(node.Id) is not null) return Code.AlreadyMember;
        if (network.IsFull) return Code.NetworkFull;

        Admit(network, node);
        return Code.Ok;
    }

    /// <summary>A member comes in: the first one owns the network, whatever waits for it.</summary>
    private void Admit(ModelNetwork network, ModelNode node)
    {
        var isFirst = network.Members.Count == 0;
        var role = isFirst ? Role.Owner : PreAssigned(network, node) ?? Role.Member;
        network.Members.Add(new ModelMember { Node = node.Id, Role = role, JoinedAt = Time });
        _results = new(Role: role);
        Own("network.joined", ("node_id", node.Id), ("network_id", network.Id), ("role", role));
        if (isFirst) OwnerChanged(network, 0, node.Id, "first_joiner");
    }

    private Code Leave(LeaveNetwork m)
    {
        if (Fields(m.Network, m.Node) is not Code.Ok and var fault) return fault;
        if (!IsNodeOrAdmin(m.Node)) return Code.NotAuthorized;
        if (Node(m.Node) is not { } node) return Code.NodeNotFound;
        if (Network(m.Network) is not { } network) return Code.NetworkNotFound;
        if (network.Member(node.Id) is not { } member) return Code.NotAMember;
        if (member.Role == Role.Owner && network.Enterprise) return Code.CannotLeave;

        Own("network.left", ("node_id", node.Id), ("network_id", network.Id));
        TakeOut(network, node.Id);
        DropSentIn(network, node.Id, "inviter_left");
        return Code.Ok;
    }

    private Code Kick(KickMember m)
    {
        if (Fields(m.Network, m.Target, m.Node) is not Code.Ok and var fault) return fault;
        if (ManagerGate(m.Network, m.Node) is not Code.Ok and var refusal) return refusal;
        var network = Network(m.Network)!;
        if (!network.Enterprise) return Code.EnterpriseRequired;
        if (network.Member(m.Target.Value) is not { } target) return Code.NotAMember;
        if (target.Role == Role.Owner) return Code.CannotKickOwner;
        if (target.Role == Role.Admin && ActsAsAdminOf(network)) return Code.CannotKickAdmin;

        Own("member.kicked", ("target_node_id", target.Node), ("network_id", network.Id), ("role", target.Role));
        TakeOut(network, target.Node);
        DropSentIn(network, target.Node, "inviter_kicked");
        return Code.Ok;
    }

    /// <summary>A membership goes; an owner is followed by the admin that joined first, else the member that joined first.</summary>
    private void TakeOut(ModelNetwork network, uint node)
    {
        var member = network.Member(node)!;
        network.Members.Remove(member);
        if (member.Role != Role.Owner || network.Members.Count == 0) return;
        var heir = network.Members.Find(left => left.Role == Role.Admin) ?? network.Members[0];
        heir.Role = Role.Owner;
        OwnerChanged(network, node, heir.Node, "succession");
    }

    private void OwnerChanged(ModelNetwork network, uint oldOwner, uint newOwner, string cause) =>
        _successionEvents.Add((network.Id, Text(
            "network.owner_changed",
            ("network_id", network.Id), ("old_owner", oldOwner), ("new_owner", newOwner), ("cause", cause))));

    private Code Promote(PromoteMember m)
    {
        if (Fields(m.Network, m.Target, m.Node) is not Code.Ok and var fault) return fault;
        if (OwnerGate(m.Network, m.Node) is not Code.Ok and var refusal) return refusal;
        var network = Network(m.Network)!;
        if (!network.Enterprise) return Code.EnterpriseRequired;
        if (network.Member(m.Target.Value) is not { } target) return Code.NotAMember;
        if (target.Role == Role.Owner) return Code.CannotChangeOwner;
        if (target.Role == Role.Admin) return Code.AlreadyAdmin;

        ChangeRole(network, target, Role.Admin);
        _results = new(Role: Role.Admin);
        return Code.Ok;
    }

    private Code Demote(DemoteMember m)
    {
        if (Fields(m.Network, m.Target, m.Node) is not Code.Ok and var fault) return fault;
        if (OwnerGate(m.Network, m.Node) is not Code.Ok and var refusal) return refusal;
        var network = Network(m.Network)!;
        if (!network.Enterprise) return Code.EnterpriseRequired;
        if (network.Member(m.Target.Value) is not { } target) return Code.NotAMember;
        if (target.Role == Role.Owner) return Code.CannotChangeOwner;
        if (target.Role == Role.Member) return Code.AlreadyPlainMember;

        ChangeRole(network, target, Role.Member);
        _results = new(Role: Role.Member);
        return Code.Ok;
    }

    /// <summary>Up or down, by command or pre-assignment; on the way down the live invites that it sent in this network go.</summary>
    private void ChangeRole(ModelNetwork network, ModelMember member, Role role, string? cause = null)
    {
        List<(string, object)> attributes =
        [
            ("target_node_id", member.Node), ("network_id", network.Id), ("old_role", member.Role), ("new_role", role),
        ];
        if (cause is not null) attributes.Add(("cause", cause));
        Own(role == Role.Admin ? "member.promoted" : "member.demoted", [.. attributes]);
        member.Role = role;
        if (role == Role.Member) DropSentIn(network, member.Node, "inviter_demoted");
    }

    private Code Transfer(TransferOwnership m)
    {
        if (Fields(m.Network, m.NewOwner, m.Node) is not Code.Ok and var fault) return fault;
        if (OwnerGate(m.Network, m.Node) is not Code.Ok and var refusal) return refusal;
        var network = Network(m.Network)!;
        if (!network.Enterprise) return Code.EnterpriseRequired;
        if (network.Member(m.NewOwner.Value) is not { } successor) return Code.NotAMember;
        if (successor.Role == Role.Owner) return Code.AlreadyOwner;

        var owner = network.Owner!;
        Own(
            "network.ownership_transferred", ("network_id", network.Id), ("old_owner", owner.Node),
            ("new_owner", successor.Node), ("new_owner_old_role", successor.Role));
        owner.Role = Role.Admin;
        successor.Role = Role.Owner;
        _results = new(Node: new(owner.Node));
        return Code.Ok;
    }

    private Code SetTags(SetMemberTags m)
    {
        if (Fields(m.Network, m.Target, m.Node) is not Code.Ok and var fault) return fault;
        if (ManagerGate(m.Network, m.Node) is not Code.Ok and var refusal) return refusal;
        if (m.Tags.Length > Limits.TagsMax) return Code.TooManyTags;
        if (!m.Tags.All(tag => IsLabel(tag, Limits.TagBytesMax))) return Code.TagInvalid;
        if (Network(m.Network)!.Member(m.Target.Value) is not { } target) return Code.NotAMember;

        var tags = m.Tags.Distinct().ToList();
        if (tags.SequenceEqual(target.Tags)) return Code.Ok;
        target.Tags = tags;
        Own("member_tags.changed", ("network_id", m.Network), ("target_node_id", target.Node), ("tags", tags));
        return Code.Ok;
    }
}
