using Membership.Replication.Birth;
using Membership.State;

namespace Membership.Replication.Offline;

/// <summary>A data folder that a first replica of a new cluster can be started on.</summary>
/// <param name="Folder">The full path.</param>
/// <param name="Cluster">The cluster.</param>
/// <param name="Snapshot">The snapshot within: other first replicas may be restored from it.</param>
/// <param name="State">The state, as that of the new cluster.</param>
/// <param name="Aside">Where what was in the folder before is now; null when there was nothing.</param>
public sealed record FoundedFolder(string Folder, NewCluster Cluster, string Snapshot, MembershipState State, string? Aside)
{
    /// <summary>Reads what stands in the folder now, so that what is told is what a start will find.</summary>
    /// <exception cref="OfflineException">An earlier command, which this one has finished, was for another cluster or replica.</exception>
    internal static FoundedFolder Describe(DataFolderLayout layout, string? aside, string clusterId, string? replicaId = null)
    {
        using var made = OfflineReplica.Open(layout);
        if (made.ClusterId != clusterId || (replicaId is not null && made.ReplicaId != replicaId))
        {
            throw new OfflineException(
                OfflineProblem.FolderNotEmpty,
                $"'{layout.Path}' is now finished for replica '{made.ReplicaId}' of cluster '{made.ClusterId}', for which an earlier command had begun it.");
        }

        var replay = made.Replay();
        return new(layout.Path, new(made.ClusterId, made.ReplicaId, KnownVoters.Read(layout), made.SecretId), replay.Snapshot!, replay.State, aside);
    }
}
