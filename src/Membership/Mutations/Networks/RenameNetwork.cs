using Membership.Events;
using Membership.Formats;
using Membership.Mutations;
using Membership.Mutations.Rules;

namespace Membership;

/// <summary><c>rename_network</c>.</summary>
/// <param name="Network">The network.</param>
/// <param name="Name">Its new name; its own succeeds and changes nothing.</param>
/// <param name="Node">Optional: who the request says it is from; must be the actor when that is a node.</param>
public sealed record RenameNetwork(NetworkId Network, string Name, NodeId? Node = null) : Mutation
{
    /// <inheritdoc/>
    public override MutationKind Kind => MutationKind.RenameNetwork;

    internal override ShapeFault? CheckShape() => ShapeFault.Node(Node, "node_id") ?? ShapeFault.Network(Network);

    internal override void WriteFields(ref FieldWriter w)
    {
        w.WriteArrayHeader(3);
        w.Write(Network);
        w.Write(Name);
        w.Write(Node);
    }

    internal static RenameNetwork Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(3);
        return new(r.ReadNetworkId(), r.ReadText(), r.ReadOptionalNodeId());
    }

    internal override Code Apply(MutationContext c)
    {
        if (RoleGate.OwnerOrAdmin(c, Network, Node, out var network) is var gate and not Code.Ok) return gate;
        if (NetworkNames.Check(c, Name) is var name and not Code.Ok) return name;
        if (NetworkNames.IsTaken(c, Name, Network)) return Code.NameTaken;

        if (network.Name == Name) return Code.Ok;
        c.State.PutNetwork(network with { Name = Name });
        c.Say(new NetworkRenamed(Network, network.Name, Name));
        return Code.Ok;
    }
}
