using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>respond_invite</c>: nobody consents for a node, not even an admin.</summary>
/// <param name="Node">Who was invited.</param>
/// <param name="Network">The network.</param>
/// <param name="Accept">Accepts or refuses; either way the invite goes, unless the network is full.</param>
public sealed record RespondInvite(NodeId Node, NetworkId Network, bool Accept) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.RespondInvite;

    internal override ShapeFault? CheckShape() => ShapeFault.Node(Node, "node_id") ?? ShapeFault.Network(Network);

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(3);
        w.Write(Node);
        w.Write(Network);
        w.Write(Accept);
    }

    internal static RespondInvite Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(3);
        return new(r.ReadNodeId(), r.ReadNetworkId(), r.ReadBoolean());
    }

    internal override Code Apply(MutationContext c)
    {
        if (ActorGate.NodeItself(c, Node) is var actor and not Code.Ok) return actor;
        if (!c.State.TryGetNode(Node, out var node)) return Code.NodeNotFound;
        if (!c.State.TryGetLiveInvite(Node, Network, out var invite)) return Code.InviteNotFound;

        // An invite belongs to a live network (I2), and its target is no member of it (I4).
        c.State.TryGetNetwork(Network, out var network);
        if (Accept && Admission.IsFull(c, network)) return Code.NetworkFull;

        c.State.RemoveInvite(Node, Network, invite);
        c.Say(new InviteResponded(Node, Network, Accept));
        if (Accept) Admission.Admit(c, network, Node, node);
        return Code.Ok;
    }
}
