namespace Membership.Tests.Model;

// The rows of invites: invite, respond, revoke; and how invites go by the way.
internal sealed partial class MembershipModel
{
    private Code Invite(InviteToNetwork m)
    {
        if (Fields(m.Network, m.Inviter, m.Target) is not Code.Ok and var fault) return fault;
        if (m.Inviter == m.Target) return Code.SelfInvite;
        if (!IsNodeOrAdmin(m.Inviter) && !IsNetworkAdminOf(m.Network)) return Code.NotAuthorized;
        if (Node(m.Inviter) is null) return Code.NodeNotFound;
        if (Network(m.Network) is not { } network) return Code.NetworkNotFound;
        if (!network.Enterprise) return Code.EnterpriseRequired;
        if (network.JoinRule != JoinRule.Invite) return Code.NotInviteNetwork;
        if (_actor.Kind == ActorKind.Node && InviterRole(network) is not Code.Ok and var refusal) return refusal;
        if (Node(m.Target) is null) return Code.NodeNotFound;
        if (network.Member(m.Target.Value) is not null) return Code.AlreadyMember;
        if (LiveInvite(m.Network, m.Target) is not null)
        {
            _results = new(Flag: true);
            return Code.Ok;
        }

        if (Invites.Count(invite => invite.Target == m.Target.Value && IsLive(invite)) >= Limits.InboxMax) return Code.InboxFull;
        if (Invites.Count(invite => invite.Inviter == m.Inviter.Value && IsLive(invite)) >= Limits.InvitesByInviterMax)
            return Code.TooManyInvites;

        // Before the new one is told of, or a watcher would take the old one's end for the new one's.
        if (Invites.Find(invite => invite.Network == m.Network.Value && invite.Target == m.Target.Value) is { } expired)
        {
            Invites.Remove(expired);
            Own("invite.expired", ("network_id", m.Network), ("target_node_id", m.Target));
        }

        Own("invite.created", ("network_id", network.Id), ("inviter_id", m.Inviter), ("target_node_id", m.Target));
        Invites.Add(new(m.Network.Value, m.Target.Value, m.Inviter.Value, Time));
        return Code.Ok;
    }

    private Code InviterRole(ModelNetwork network)
    {
        if (network.Member(_actor.Id) is not { } inviter) return Code.ActorNotAMember;
        if (inviter.Role == Role.Member) return Code.RoleRequired;
        _actorRole = inviter.Role.ToText();
        return Code.Ok;
    }

    private Code Respond(RespondInvite m)
    {
        if (Fields(m.Network, m.Node) is not Code.Ok and var fault) return fault;
        if (!_actor.Is(m.Node)) return Code.NotAuthorized;
        if (Node(m.Node) is not { } node) return Code.NodeNotFound;
        if (LiveInvite(m.Network, m.Node) is not { } invite) return Code.InviteNotFound;
        var network = Network(m.Network)!;
        if (m.Accept && network.IsFull) return Code.NetworkFull;

        Invites.Remove(invite);
        Own("invite.responded", ("node_id", node.Id), ("network_id", network.Id), ("accepted", m.Accept));
        if (m.Accept) Admit(network, node);
        return Code.Ok;
    }

    private Code Revoke(RevokeInvite m)
    {
        if (Fields(m.Network, m.Target, m.Node) is not Code.Ok and var fault) return fault;
        if (ManagerGate(m.Network, m.Node) is not Code.Ok and var refusal) return refusal;
        if (LiveInvite(m.Network, m.Target) is not { } invite) return Code.InviteNotFound;

        Invites.Remove(invite);
        Own("invite.revoked", ("network_id", m.Network), ("target_node_id", m.Target), ("cause", "revoked"));
        return Code.Ok;
    }

    private ModelInvite? LiveInvite(NetworkId network, NodeId target) =>
        Invites.Find(invite => invite.Network == network.Value && invite.Target == target.Value && IsLive(invite));

    private void DropSentIn(ModelNetwork network, uint inviter, string cause)
    {
        foreach (var invite in Invites.Where(invite => invite.Network == network.Id && invite.Inviter == inviter).ToList())
            Drop(invite, cause);
    }

    private void DropAll(ModelNetwork network, string cause)
    {
        foreach (var invite in Invites.Where(invite => invite.Network == network.Id).ToList()) Drop(invite, cause);
    }

    /// <summary>An invite goes by the way. One that had expired was no invite any more: it expires, and nobody revoked it.</summary>
    private void Drop(ModelInvite invite, string cause)
    {
        Invites.Remove(invite);
        _inviteEvents.Add((invite.Network, invite.Target, IsLive(invite)
            ? Text("invite.revoked", ("network_id", invite.Network), ("target_node_id", invite.Target), ("cause", cause))
            : Text("invite.expired", ("network_id", invite.Network), ("target_node_id", invite.Target))));
    }
}
