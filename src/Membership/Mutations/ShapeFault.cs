namespace Membership;

/// <summary>What is wrong with a request before any state is looked at.</summary>
/// <param name="Code"><see cref="Code.InvalidArgument"/> or <see cref="Code.Backbone"/>.</param>
/// <param name="Field">The field, by its name on the wire.</param>
public readonly record struct ShapeFault(Code Code, string Field)
{
    /// <summary>Node 0 in any field is an invalid argument.</summary>
    internal static ShapeFault? Node(NodeId? node, string field) =>
        node is { IsNobody: true } ? new(Code.InvalidArgument, field) : null;

    /// <summary>No mutation may name the backbone.</summary>
    internal static ShapeFault? Network(NetworkId network) =>
        network.IsBackbone ? new(Code.Backbone, "network_id") : null;
}
