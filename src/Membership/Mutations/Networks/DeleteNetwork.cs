using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;
using Membership.State;

namespace Membership;

/// <summary><c>delete_network</c>: the network goes with its members, tags, invites and pre-assignments.</summary>
/// <param name="Network">The network.</param>
/// <param name="Node">Optional: who the request says it is from; must be the actor when that is a node.</param>
public sealed record DeleteNetwork(NetworkId Network, NodeId? Node = null) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.DeleteNetwork;

    internal override ShapeFault? CheckShape() => ShapeFault.Node(Node, "node_id") ?? ShapeFault.Network(Network);

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(2);
        w.Write(Network);
        w.Write(Node);
    }

    internal static DeleteNetwork Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(2);
        return new(r.ReadNetworkId(), r.ReadOptionalNodeId());
    }

    internal override Code Apply(MutationContext c)
    {
        if (RoleGate.Owner(c, Network, Node, out var network) is var code and not Code.Ok) return code;

        var members = c.State.Tables.MembersByJoin.Listed(Ranges.ByJoin(Network));
        c.Say(new NetworkDeleted(Network, network.Name, members.Length, network.Enterprise)
        {
            Audience = Audience.Of(network, members.Select(member => member.Value)),
        });
        InviteRemoval.InNetwork(c, Network, InviteRevokeCause.NetworkDeleted);
        foreach (var (_, node) in members)
        {
            c.State.TryGetMember(Network, node, out var member);
            c.State.RemoveMember(Network, node, member);
        }

        c.State.RemovePreAssignments(Network);
        c.State.PutExprPolicy(Network, default);
        c.State.RemoveNetwork(network);
        c.State.AddFreedId(c.Revision, Network);
        return Code.Ok;
    }
}
