using System.Collections.Immutable;
using Membership.State;

namespace Membership.Queries;

public sealed partial class Viewer
{
    /// <summary><c>get_node</c>.</summary>
    public QueryResult<NodeAnswer> GetNode(NodeId id)
    {
        if (!_state.Tables.Nodes.TryGetValue(id, out var node)) return QueryResult<NodeAnswer>.Rejected(Code.NodeNotFound);
        return QueryResult<NodeAnswer>.Ok(new(
            id,
            node.PublicKey,
            node.KeyVersion,
            node.TaskExec,
            node.RegisteredAt,
            VisibleNetworksOf(id),
            IsAdmin || Is(id) ? node.ExternalId : null));
    }

    private ImmutableArray<NetworkId> VisibleNetworksOf(NodeId id)
    {
        var networks = ImmutableArray.CreateBuilder<NetworkId>();
        var (from, to) = Ranges.OfNode(id);
        foreach (var (key, _) in _state.Tables.NetworksOfNode.Between(from, to))
        {
            if (TrySee(key.Network, out _)) networks.Add(key.Network);
        }

        return networks.DrainToImmutable();
    }
}
