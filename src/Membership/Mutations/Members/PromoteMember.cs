using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>promote_member</c>: a plain member becomes an admin.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">The member.</param>
/// <param name="Node">Optional: who the request says it is from; must be the actor when that is a node.</param>
public sealed record PromoteMember(NetworkId Network, NodeId Target, NodeId? Node = null) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.PromoteMember;

    internal override ShapeFault? CheckShape() => TargetFields.CheckShape(Network, Target, Node);

    internal override void WriteFields(ref FieldWriter w) => TargetFields.Write(ref w, Network, Target, Node);

    internal static PromoteMember Read(ref FieldReader r)
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
        if (member.Role == Role.Admin) return Code.AlreadyAdmin;

        c.State.PutMember(Network, Target, member with { Role = Role.Admin });
        c.Results = new(Role: Role.Admin);
        c.Say(new MemberPromoted(Network, Target, member.Role));
        return Code.Ok;
    }
}
