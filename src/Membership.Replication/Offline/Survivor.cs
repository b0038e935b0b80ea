using System.Collections.Immutable;
using System.Net;
using Membership.Replication.Birth;

namespace Membership.Replication.Offline;

/// <summary>What the last replica of a cluster that lost its quorum holds.</summary>
/// <param name="Folder">Its data folder.</param>
/// <param name="ClusterId">The cluster that is gone.</param>
/// <param name="ReplicaId">The replica.</param>
/// <param name="SecretId">The cluster secret by which the tokens within were made, by its public name; null for none.</param>
/// <param name="Log">How far its log reaches.</param>
/// <param name="Replay">
/// All that it holds: the newest snapshot and every entry of its log, those as well that it did not know to be committed. What was
/// acknowledged to a client while this replica was one of the majority is among them; what is not known to be committed may have been
/// acknowledged, or not.
/// </param>
/// <param name="Voters">The voters of the cluster, as this replica knew them last.</param>
public sealed record Survivor(
    string Folder, string ClusterId, string ReplicaId, string? SecretId, LogSummary Log, Replay Replay, ImmutableArray<ReplicaAddress> Voters)
{
    /// <summary>Entries of the log that were not known to be committed, and are taken all the same.</summary>
    public long UnconfirmedCount => Math.Max(0, Log.LastIndex - Math.Max(Log.CommitIndex, Log.FirstIndex - 1));

    /// <summary>Where the replica listened; null when no configuration in its folder names it.</summary>
    public ReplicaAddress? Self => Voters.FirstOrDefault(voter => voter.Id == ReplicaId);

    /// <summary>Looks at a folder, and changes nothing.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="progress">Hears how much of 1 is done.</param>
    /// <exception cref="OfflineException">
    /// Something is damaged, or the replica is not one to go on from: <see cref="OfflineProblem.FolderRemoved"/>,
    /// <see cref="OfflineProblem.FolderDiverged"/>.
    /// </exception>
    public static Survivor Examine(string folder, IProgress<double>? progress = null)
    {
        using var replica = OfflineReplica.Open(folder);
        return Examine(replica, progress);
    }

    internal static Survivor Examine(OfflineReplica replica, IProgress<double>? progress)
    {
        if (replica.IsRemoved)
            throw new OfflineException(OfflineProblem.FolderRemoved, $"The cluster removed the replica of '{replica.Folder}' and went on without it.");

        if (replica.HasDiverged)
            throw new OfflineException(OfflineProblem.FolderDiverged, $"The state in '{replica.Folder}' is another than a majority's was.");

        return new(
            replica.Folder,
            replica.ClusterId,
            replica.ReplicaId,
            replica.SecretId,
            replica.Log,
            replica.Replay(progress: progress),
            OfflineException.Guard(() => KnownVoters.Read(replica.Layout)));
    }
}
