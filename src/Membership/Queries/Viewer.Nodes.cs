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
        foreach (var network in _state.Tables.Members.NetworksOf(id))
        {
            if (TrySee(network, out _)) networks.Add(network);
        }

        return networks.DrainToImmutable();
    }
}
