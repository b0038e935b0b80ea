using Membership.Replication.Birth;

namespace Membership.Replication.Offline;

/// <summary>Begins a new cluster with the state of a backup.</summary>
public static class Restore
{
    /// <summary>
    /// Makes an empty folder that of one of the first replicas of a new cluster. To be done for each of them, from the same file and with the
    /// same list; then all are started, without <see cref="MembershipReplicaOptions.Bootstrap"/>.
    /// </summary>
    /// <param name="backup">The backup, checked.</param>
    /// <param name="folder">The data folder; made if it is not there.</param>
    /// <param name="cluster">
    /// The new cluster. Its id has to be new, too: two clusters of one id would take one another's replicas. The others of a recovered cluster are
    /// restored from the snapshot that the recovery made, which is of the new cluster already.
    /// </param>
    /// <param name="token">Gives up, with the folder as it was.</param>
    /// <exception cref="ArgumentException">Something of the cluster is out of range.</exception>
    /// <exception cref="OfflineException">
    /// <see cref="OfflineProblem.FolderNotEmpty"/>, <see cref="OfflineProblem.FolderLocked"/>, <see cref="OfflineProblem.FolderEmpty"/> for a
    /// backup before the first entry, or <see cref="OfflineProblem.IoFailed"/>. The folder is as before, or to be finished by the same call.
    /// </exception>
    public static Task<FoundedFolder> IntoAsync(Backup backup, string folder, NewCluster cluster, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(backup);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(cluster);
        return OfflineException.GuardAsync(async () =>
        {
            var layout = new DataFolderLayout(Path.GetFullPath(folder));
            cluster.ToOptions(layout.Path);
            using var held = DataFolder.Lock(layout);
            var exchange = new FolderExchange(layout);
            if (exchange.IsUnfinished) return FoundedFolder.Describe(layout, exchange.Finish(), cluster.ClusterId, cluster.ReplicaId);
            if (!layout.IsEmpty) throw new OfflineException(OfflineProblem.FolderNotEmpty, $"'{layout.Path}' holds a replica's files.");
            return await FirstFolder.PutAsync(layout, backup.State, backup.State.AppliedTerm, cluster, "former", token);
        });
    }
}
