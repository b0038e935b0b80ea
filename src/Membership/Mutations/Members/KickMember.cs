using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>kick_member</c>: an admin may not kick an admin, itself included; nobody kicks the owner.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">The member.</param>
/// <param name="Node">Optional: who the request says it is from; must be the actor when that is a node.</param>
public sealed record KickMember(NetworkId Network, NodeId Target, NodeId? Node = null) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.KickMember;

    internal override ShapeFault? CheckShape() => TargetFields.CheckShape(Network, Target, Node);

    internal override void WriteFields(ref FieldWriter w) => TargetFields.Write(ref w, Network, Target, Node);

    internal static KickMember Read(ref FieldReader r)
    {
        var (network, target, node) = TargetFields.Read(ref r);
        return new(network, target, node);
    }

    internal override Code Apply(MutationContext c)
    {
        if (RoleGate.OwnerOrAdmin(c, Network, Node, out var network) is var gate and not Code.Ok) return gate;
        if (!network.Enterprise) return Code.EnterpriseRequired;
        if (!c.State.TryGetMember(Network, Target, out var member)) return Code.NotAMember;
        if (member.Role == Role.Owner) return Code.CannotKickOwner;
        if (member.Role == Role.Admin && RoleGate.ActsAsAdmin(c, Network)) return Code.CannotKickAdmin;

        c.Say(new MemberKicked(Target, Network, member.Role));
        Departure.Leave(c, Network, Target, member, InviteRevokeCause.InviterKicked);
        return Code.Ok;
    }
}
