using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>deregister_node</c>: the node leaves every network, and every invite to or from it goes.</summary>
/// <param name="Node">The node.</param>
public sealed record DeregisterNode(NodeId Node) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.DeregisterNode;

    internal override ShapeFault? CheckShape() => ShapeFault.Node(Node, "node_id");

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(1);
        w.Write(Node);
    }

    internal static DeregisterNode Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(1);
        return new(r.ReadNodeId());
    }

    internal override Code Apply(MutationContext c)
    {
        if (ActorGate.NodeOrAdmin(c, Node) is var code and not Code.Ok) return code;
        c.Results = new(Node: Node, Flag: c.State.TryGetNode(Node, out var node));
        if (node is null) return Code.Ok;

        c.Say(new NodeDeregistered(Node));
        foreach (var network in Departure.NetworksOf(c, Node))
        {
            c.State.TryGetMember(network, Node, out var member);
            c.Say(new NetworkLeft(Node, network));
            Departure.Leave(c, network, Node, member, InviteRevokeCause.NodeDeregistered);
        }

        InviteRemoval.SentBy(c, Node, InviteRevokeCause.NodeDeregistered);
        InviteRemoval.SentTo(c, Node, InviteRevokeCause.NodeDeregistered);
        c.State.RemoveNode(Node, node);
        return Code.Ok;
    }
}
