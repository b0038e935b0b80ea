using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>revoke_invite</c>.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">Who was invited.</param>
/// <param name="Node">Optional: who the request says it is from; must be the actor when that is a node.</param>
public sealed record RevokeInvite(NetworkId Network, NodeId Target, NodeId? Node = null) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.RevokeInvite;

    internal override ShapeFault? CheckShape() => TargetFields.CheckShape(Network, Target, Node);

    internal override void WriteFields(ref FieldWriter w) => TargetFields.Write(ref w, Network, Target, Node);

    internal static RevokeInvite Read(ref FieldReader r)
    {
        var (network, target, node) = TargetFields.Read(ref r);
        return new(network, target, node);
    }

    internal override Code Apply(MutationContext c)
    {
        if (RoleGate.OwnerOrAdmin(c, Network, Node, out _) is var gate and not Code.Ok) return gate;
        if (!c.State.TryGetLiveInvite(Target, Network, out var invite)) return Code.InviteNotFound;

        c.State.RemoveInvite(Target, Network, invite);
        c.Say(new InviteRevoked(Network, Target, InviteRevokeCause.Revoked));
        return Code.Ok;
    }
}
