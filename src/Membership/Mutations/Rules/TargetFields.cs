using Membership.Formats;

namespace Membership.Mutations.Rules;

/// <summary>The fields of the mutations that name a network, one of its members and, optionally, who asks.</summary>
internal static class TargetFields
{
    public static ShapeFault? CheckShape(NetworkId network, NodeId target, NodeId? node, string field = "target_node_id") =>
        ShapeFault.Node(target, field) ?? ShapeFault.Node(node, "node_id") ?? ShapeFault.Network(network);

    public static void Write(ref FieldWriter w, NetworkId network, NodeId target, NodeId? node)
    {
        w.WriteArrayHeader(3);
        w.Write(network);
        w.Write(target);
        w.Write(node);
    }

    public static (NetworkId Network, NodeId Target, NodeId? Node) Read(ref FieldReader r)
    {
        r.ReadArrayHeaderOf(3);
        return (r.ReadNetworkId(), r.ReadNodeId(), r.ReadOptionalNodeId());
    }
}
