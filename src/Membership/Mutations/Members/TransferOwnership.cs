using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>transfer_ownership</c>: the old owner becomes an admin and keeps its invites.</summary>
/// <param name="Network">The network.</param>
/// <param name="NewOwner">The member who becomes the owner.</param>
/// <param name="Node">Optional: who the request says it is from; must be the actor when that is a node.</param>
public sealed record TransferOwnership(NetworkId Network, NodeId NewOwner, NodeId? Node = null) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.TransferOwnership;

    internal override ShapeFault? CheckShape() => TargetFields.CheckShape(Network, NewOwner, Node, "new_owner_id");

    internal override void WriteFields(ref FieldWriter w) => TargetFields.Write(ref w, Network, NewOwner, Node);

    internal static TransferOwnership Read(ref FieldReader r)
    {
        var (network, target, node) = TargetFields.Read(ref r);
        return new(network, target, node);
    }

    internal override Code Apply(MutationContext c)
    {
        if (RoleGate.Owner(c, Network, Node, out var network) is var gate and not Code.Ok) return gate;
        if (!network.Enterprise) return Code.EnterpriseRequired;
        if (!c.State.TryGetMember(Network, NewOwner, out var successor)) return Code.NotAMember;
        if (successor.Role == Role.Owner) return Code.AlreadyOwner;

        // A network with a member has an owner (I1).
        c.State.Tables.Owners.TryGetValue(Network, out var oldOwner);
        c.State.TryGetMember(Network, oldOwner, out var old);
        c.State.PutMember(Network, oldOwner, old with { Role = Role.Admin });
        c.State.PutMember(Network, NewOwner, successor with { Role = Role.Owner });
        c.Results = new(Node: oldOwner);
        c.Say(new OwnershipTransferred(Network, oldOwner, NewOwner, successor.Role));
        return Code.Ok;
    }
}
