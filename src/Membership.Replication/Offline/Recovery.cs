using System.Globalization;
using Membership.Replication.Birth;

namespace Membership.Replication.Offline;

/// <summary>Begins a new cluster with all that one replica holds whose cluster has lost its quorum for good.</summary>
public static class Recovery
{
    private const string FormerPrefix = "former-";

    /// <summary>
    /// Takes what the replica holds over into a new cluster, in the same data folder. What was in the folder is kept within it, under
    /// <c>former-…</c>. Replicas of the old cluster that turn up later are refused by the new one, as its id is another.
    /// </summary>
    /// <param name="folder">The data folder of the survivor.</param>
    /// <param name="clusterId">The new cluster: 1 to 64 of <c>a-z 0-9 -</c>, another one than the old.</param>
    /// <param name="replicas">
    /// The first voters, the survivor among them: itself, to which others are added; or three, of which the others are restored from the
    /// snapshot that this makes. Null for the survivor alone, at the address that it had.
    /// </param>
    /// <param name="progress">Hears how much of 1 is done.</param>
    /// <param name="token">Gives up, with the folder as it was.</param>
    /// <exception cref="ArgumentException">Something is out of range, the id is that of a cluster that went on, or nobody knows the survivor's address.</exception>
    /// <exception cref="OfflineException">
    /// As <see cref="Survivor.Examine(string, IProgress{double})"/>, or the folder is in use or cannot be written. It is as before, or to be
    /// finished by the same call.
    /// </exception>
    public static Task<RecoveredFolder> RunAsync(
        string folder, string clusterId, IReadOnlyList<ReplicaAddress>? replicas = null, IProgress<double>? progress = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return OfflineException.GuardAsync(async () =>
        {
            var layout = new DataFolderLayout(Path.GetFullPath(folder));
            if (!Directory.Exists(layout.Path)) throw new OfflineException(OfflineProblem.FolderMissing, $"There is no folder '{layout.Path}'.");
            using var held = DataFolder.Lock(layout);
            var exchange = new FolderExchange(layout);
            if (exchange.IsUnfinished) return new(null, FoundedFolder.Describe(layout, exchange.Finish(), clusterId));

            using var replica = OfflineReplica.Open(layout);
            if (replica.ClusterId == clusterId && FormerOf(layout) is { } former && replica.Replay(progress: progress).EntryCount == 0)
            {
                // Done before, and nothing has happened since: whoever did not hear of it hears it now.
                return new(null, FoundedFolder.Describe(layout, former, clusterId));
            }

            if (replica.ClusterId == clusterId) throw new ArgumentException($"The survivor is of cluster '{clusterId}': the new one needs an id of its own.", nameof(clusterId));
            var survivor = Survivor.Examine(replica, progress);
            var cluster = new NewCluster(clusterId, survivor.ReplicaId, replicas ?? [AddressOf(survivor)], survivor.SecretId);
            var term = Math.Max(survivor.Log.Term, survivor.Replay.State.AppliedTerm);
            var aside = string.Create(CultureInfo.InvariantCulture, $"{FormerPrefix}{replica.Incarnation:x16}");
            var founded = await FirstFolder.PutAsync(layout, survivor.Replay.State, term, cluster, aside, token);
            return new RecoveredFolder(survivor, founded);
        });
    }

    private static string? FormerOf(DataFolderLayout layout) =>
        Directory.EnumerateDirectories(layout.Path, FormerPrefix + "*").MaxBy(Directory.GetCreationTimeUtc);

    private static ReplicaAddress AddressOf(Survivor survivor) => survivor.Self
        ?? throw new ArgumentException($"No configuration in '{survivor.Folder}' says where '{survivor.ReplicaId}' listens: name the replicas.");
}
