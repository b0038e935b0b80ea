namespace Membership.Benchmarks.Load;

/// <summary>Whoever carries out the operations of a load. Each answers null for a success, else what went wrong.</summary>
internal interface IMembershipTarget
{
    ValueTask<string?> JoinAsync(NodeId node, NetworkId network);

    ValueTask<string?> LeaveAsync(NodeId node, NetworkId network);

    ValueTask<string?> SetTagsAsync(NodeId node, NetworkId network, string tag);

    /// <summary>Reads the tags of a node in a network, linearizable or stale.</summary>
    ValueTask<string?> ReadTagsAsync(NodeId node, NetworkId network, bool isStale);
}
