using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>demote_member</c>: an admin becomes a plain member; the live invites that it sent in this network go.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">The member.</param>
/// <param name="Node">Optional: who the request says it is from; must be the actor when that is a node.</param>
public sealed record DemoteMember(NetworkId Network, NodeId Target, NodeId? Node = null) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.DemoteMember;

    internal override ShapeFault? CheckShape() => TargetFields.CheckShape(Network, Target, Node);

    internal override void WriteFields(ref FieldWriter w) => TargetFields.Write(ref w, Network, Target, Node);

    internal static DemoteMember Read(ref FieldReader r)
    {
        var (network, target, node) = TargetFields.Read(ref r);
        return new(network, target, node);
    }

    internal override Code Apply(MutationContext c)
    {
        if (RoleGate.Owner(c, Network, Node, out var network) is var gate and not Code.Ok) return gate;
        if (!network.Enterprise) return Code.EnterpriseRequired;
        if (!c.State.TryGetMember(Network, Target, out var member)) return Code.NotAMember;
        if (member.Role == Role.Owner) return Code.CannotChangeOwner;
        if (member.Role == Role.Member) return Code.AlreadyPlainMember;

        c.State.PutMember(Network, Target, member with { Role = Role.Member });
        c.Results = new(Role: Role.Member);
        c.Say(new MemberDemoted(Network, Target, member.Role));
        InviteRemoval.SentBy(c, Target, Network, InviteRevokeCause.InviterDemoted);
        return Code.Ok;
    }
}
