using DotNext.Net.Cluster.Consensus.Raft;

namespace Membership.Replication.Hosting;

/// <summary>The package's cluster, and the one thing that it keeps to itself: to give up one's own leadership.</summary>
internal sealed class ReplicaCluster(RaftCluster.NodeConfiguration configuration) : RaftCluster(configuration)
{
    /// <summary>Gives up leadership. False when this replica does not lead; another one's leadership is not touched.</summary>
    public async Task<bool> StepDownAsync(CancellationToken token) => await ResignAsync(token);
}
