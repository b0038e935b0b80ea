using Membership.Cli.Output;
using Membership.Replication.Offline;

namespace Membership.Cli.NewClusters;

/// <summary>Recoveries as results: what the survivor held, what was made of it, and what to do next.</summary>
internal static class RecoveredFields
{
    public static Fields Of(RecoveredFolder recovered) =>
        OfSurvivor(recovered.Survivor).With(FoundedFields.Of(recovered.Founded)).With(new() { { "next", Next(recovered.Founded) } });

    private static Fields OfSurvivor(Survivor? survivor) => new()
    {
        { "former_cluster", survivor?.ClusterId },
        { "former_digest", survivor?.Replay.State.Digest },
        { "former_snapshot", survivor?.Replay.Snapshot },
        { "former_last_index", survivor?.Log.LastIndex },
        { "former_commit_index", survivor?.Log.CommitIndex },
        { "former_term", survivor?.Log.Term },
        { "unconfirmed", survivor?.UnconfirmedCount },
        { "torn", survivor?.Log.IsTorn },
        { "mismatch_index", survivor?.Replay.MismatchIndex },
        { "damaged", survivor?.Replay.Damaged },
    };

    private static IReadOnlyList<string> Next(FoundedFolder founded)
    {
        var cluster = founded.Cluster;
        var list = NewClusterOptions.ToText(cluster.Replicas);
        var start = $"start {cluster.ReplicaId} on {founded.Folder} with --cluster {cluster.ClusterId} --replicas {list}, without --bootstrap, all else as before";
        var others = cluster.Replicas.Where(replica => replica.Id != cluster.ReplicaId).ToArray();
        if (others.Length == 0)
        {
            return
            [
                start,
                $"start another replica ID on an empty folder with --cluster {cluster.ClusterId} --replicas {list},ID=RAFT/PEER, without --bootstrap",
                "membership cluster add ID RAFT PEER",
                "the same for a third one",
            ];
        }

        var secret = cluster.SecretId is null ? "" : " --secret-file FILE";
        return
        [
            .. others.Select(other =>
                $"membership snapshot restore {founded.Snapshot} --data FOLDER-OF-{other.Id} --cluster-id {cluster.ClusterId} --replica-id {other.Id} --replicas {list}{secret} --yes"),
            start,
            $"start {string.Join(" and ", others.Select(other => other.Id))} on their folders likewise",
        ];
    }
}
