using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>invite_to_network</c>.</summary>
/// <param name="Network">The network.</param>
/// <param name="Inviter">In whose name.</param>
/// <param name="Target">Who is invited.</param>
public sealed record InviteToNetwork(NetworkId Network, NodeId Inviter, NodeId Target) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.InviteToNetwork;

    internal override ShapeFault? CheckShape() =>
        ShapeFault.Node(Inviter, "inviter_id") ?? ShapeFault.Node(Target, "target_node_id") ?? ShapeFault.Network(Network);

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(3);
        w.Write(Network);
        w.Write(Inviter);
        w.Write(Target);
    }

    internal static InviteToNetwork Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(3);
        return new(r.ReadNetworkId(), r.ReadNodeId(), r.ReadNodeId());
    }

    internal override Code Apply(MutationContext c)
    {
        if (Inviter == Target) return Code.SelfInvite;
        var byToken = c.Actor.IsAdmin || (c.Actor.Kind == ActorKind.NetworkAdmin && c.Actor.Network == Network);
        if (!byToken && !c.Actor.Is(Inviter)) return Code.NotAuthorized;
        if (!c.State.IsRegistered(Inviter)) return Code.NodeNotFound;
        if (!c.State.TryGetNetwork(Network, out var network)) return Code.NetworkNotFound;
        if (!network.Enterprise) return Code.EnterpriseRequired;
        if (network.JoinRule != JoinRule.Invite) return Code.NotInviteNetwork;
        if (!byToken && CheckInviter(c) is var inviter and not Code.Ok) return inviter;
        if (!c.State.IsRegistered(Target)) return Code.NodeNotFound;
        if (c.State.IsMember(Network, Target)) return Code.AlreadyMember;
        var isHeld = c.State.TryGetHeldInvite(Target, Network, out var held);
        if (isHeld && c.State.IsLive(held))
        {
            c.Results = new(Flag: true);
            return Code.Ok;
        }

        if (c.State.CountLiveInbox(Target) >= c.Limits.InboxMax) return Code.InboxFull;
        if (c.State.CountLiveSent(Inviter) >= c.Limits.InvitesByInviterMax) return Code.TooManyInvites;

        if (isHeld)
        {
            c.State.RemoveInvite(Target, Network, held);
            c.Say(new InviteExpired(Network, Target));
        }

        c.State.AddInvite(Target, Network, new(Inviter, c.Now, c.Revision));
        c.Say(new InviteCreated(Network, Inviter, Target));
        return Code.Ok;
    }

    private Code CheckInviter(MutationContext c)
    {
        if (!c.State.TryGetMember(Network, Inviter, out var member)) return Code.ActorNotAMember;
        if (member.Role < Role.Admin) return Code.RoleRequired;
        c.ActorRole = member.Role.ToText();
        return Code.Ok;
    }
}
