using Membership.Replication.Birth;
using Membership.Replication.Configuration;
using Membership.Replication.Disk;
using Membership.Replication.Log;
using Membership.Replication.Snapshots;
using Membership.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace Membership.Replication.Offline;

/// <summary>Writes the folder of a first replica of a cluster that begins with a state.</summary>
internal static class FirstFolder
{
    /// <summary>Builds the content, then exchanges it for what is in the folder.</summary>
    /// <param name="layout">The folder, whose lock is held.</param>
    /// <param name="state">The state, of whatever cluster.</param>
    /// <param name="term">A term that no entry within is above.</param>
    /// <param name="cluster">The new cluster.</param>
    /// <param name="aside">What the folder for the old content is to be called.</param>
    /// <param name="token">Gives up, with the folder as it was.</param>
    public static async Task<FoundedFolder> PutAsync(
        DataFolderLayout layout, MembershipState state, long term, NewCluster cluster, string aside, CancellationToken token)
    {
        var options = cluster.ToOptions(layout.Path);
        if (state.AppliedIndex == 0) throw new OfflineException(OfflineProblem.FolderEmpty, "Nothing was ever applied: there is nothing to begin with.");
        var exchange = new FolderExchange(layout);
        exchange.Begin();
        await WriteAsync(exchange.Building, state.WithClusterId(cluster.ClusterId), term, options, token);
        exchange.Commit(aside);
        return FoundedFolder.Describe(layout, exchange.Finish(), cluster.ClusterId);
    }

    /// <summary>Writes the content; all of it is on the disk when this returns.</summary>
    public static async Task WriteAsync(
        DataFolderLayout folder, MembershipState state, long term, MembershipReplicaOptions options, CancellationToken token)
    {
        var founders = options.Replicas.Select(replica => replica.RaftEndPoint).ToArray();
        var meta = new FolderMeta(
            FolderMeta.Newest,
            options.ClusterId,
            options.ReplicaId,
            Founding.NewIncarnation(),
            options.SecretId,
            [.. founders.Select(ReplicaAddress.ToText)]);
        DurableFile.Replace(folder.MetaFile, meta.ToBytes());
        await WriteSnapshotAsync(folder, state, token);

        // A founder's log would begin with the first entry. This one begins behind the snapshot, and in its term: terms never go back.
        LogFolder.Found(folder.LogPath, Math.Max(term, state.AppliedTerm));
        DurableFile.FlushFolder(folder.LogPath);
        DurableFile.Replace(folder.LogBegunFile, []);
        var directory = new ReplicaDirectory(options, folder.ReplicasFile, NullLogger.Instance);
        await ConfigurationStorage.FoundAsync(folder.ConfigurationFile, directory, founders, token);
        DurableFile.FlushFolder(folder.Path);
    }

    private static async Task WriteSnapshotAsync(DataFolderLayout folder, MembershipState state, CancellationToken token)
    {
        using var store = new SnapshotStore(folder.SnapshotPath, state.ClusterId);
        var file = await store.WriteAsync(state, token);

        // The log does not reach back behind it.
        await store.InstallAsync(file, token);
    }
}
