using System.Collections.Immutable;
using System.Globalization;
using Membership.Replication;
using Membership.State;

namespace RegistryReplica.Page;

/// <summary>The cluster at one moment as the page shows it.</summary>
/// <param name="Cluster">Its id.</param>
/// <param name="Self">The replica that serves the page.</param>
/// <param name="Time">When, Unix ms.</param>
/// <param name="Leader">Who leads; null when nobody answers as leader.</param>
/// <param name="Term">The newest term of those that answer.</param>
/// <param name="Revision">The newest revision of those that answer.</param>
/// <param name="Counts">How much there is; null while this replica shows no state.</param>
/// <param name="Replicas">Each replica, by id.</param>
internal sealed record ClusterView(
    string Cluster, string Self, long Time, string? Leader, long Term, ulong Revision, CountsView? Counts, ImmutableArray<ReplicaView> Replicas)
{
    public static ClusterView Of(MembershipReplica replica, ImmutableArray<ReplicaReport> reports, Dictionary<string, DigestMatch> matches, long now)
    {
        var status = replica.Status;
        return new(
            status.ClusterId,
            status.ReplicaId,
            now,
            reports.Where(report => report.Role == ReplicaRole.Leader).MaxBy(report => report.Term)?.Address.Id,
            reports.Max(report => report.Term),
            reports.Max(report => report.Revision),
            status is { Divergence: null, Fault: null } ? CountsView.Of(replica.State) : null,
            [.. reports.Select(report => ReplicaView.Of(report, matches[report.Address.Id], now))]);
    }
}

/// <summary>How much there is of what, and how much there may be.</summary>
internal sealed record CountsView(int Nodes, int NodesMax, int Networks, int NetworksMax, int Members)
{
    public static CountsView Of(MembershipState state) =>
        new(state.NodeCount, state.Limits.MaxNodes, state.NetworkCount, state.Limits.MaxNetworkId, state.MemberCount);
}

/// <summary>One replica. Figures are null when it does not answer.</summary>
internal sealed record ReplicaView(
    string Id, string Role, FiguresView? Figures, ImmutableArray<string> Health)
{
    public static ReplicaView Of(ReplicaReport report, DigestMatch match, long now) => new(
        report.Address.Id,
        Lower(report.Role),
        report.Digest is { } digest
            ? new(
                report.Term,
                report.CommitIndex,
                report.AppliedIndex,
                report.Lag,
                report.Revision,
                digest.ToString(),
                Lower(match),
                report.SnapshotIndex,
                report.SnapshotTime > 0 ? Math.Max(0, now - report.SnapshotTime) : null)
            : null,
        report.Health);

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLower(CultureInfo.InvariantCulture);
}

/// <summary>What a replica says of itself.</summary>
/// <param name="Term">Its term.</param>
/// <param name="Commit">Its commit index.</param>
/// <param name="Applied">The last index it applied.</param>
/// <param name="Lag">Committed entries that it has not applied.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Digest">Its digest, hexadecimal.</param>
/// <param name="Match">What the digest is worth: <c>same</c>, <c>differs</c>, <c>unknown</c>.</param>
/// <param name="SnapshotIndex">The index of its newest snapshot; 0 for none.</param>
/// <param name="SnapshotAge">Ms since it wrote that; null for none.</param>
internal sealed record FiguresView(
    long Term, long Commit, long Applied, long Lag, ulong Revision, string Digest, string Match, long SnapshotIndex, long? SnapshotAge);
