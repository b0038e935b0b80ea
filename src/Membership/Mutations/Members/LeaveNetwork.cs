using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>leave_network</c>: the membership goes with its tags and invites; succession follows an owner.</summary>
/// <param name="Node">The node.</param>
/// <param name="Network">The network.</param>
public sealed record LeaveNetwork(NodeId Node, NetworkId Network) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.LeaveNetwork;

    internal override ShapeFault? CheckShape() => ShapeFault.Node(Node, "node_id") ?? ShapeFault.Network(Network);

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(2);
        w.Write(Node);
        w.Write(Network);
    }

    internal static LeaveNetwork Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(2);
        return new(r.ReadNodeId(), r.ReadNetworkId());
    }

    internal override Code Apply(MutationContext c)
    {
        if (ActorGate.NodeOrAdmin(c, Node) is var actor and not Code.Ok) return actor;
        if (!c.State.IsRegistered(Node)) return Code.NodeNotFound;
        if (!c.State.TryGetNetwork(Network, out var network)) return Code.NetworkNotFound;
        if (!c.State.TryGetMember(Network, Node, out var member)) return Code.NotAMember;
        if (network.Enterprise && member.Role == Role.Owner) return Code.CannotLeave;

        c.Say(new NetworkLeft(Node, Network));
        Departure.Leave(c, Network, Node, member, InviteRevokeCause.InviterLeft);
        return Code.Ok;
    }
}
