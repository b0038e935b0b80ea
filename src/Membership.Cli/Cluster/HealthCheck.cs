using Membership.Protocol.Answers;

namespace Membership.Cli.Cluster;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What, by a stable name.</param>
/// <param name="Subject">Of which replica, or of the cluster.</param>
/// <param name="Problem">What is wrong; null when nothing is.</param>
internal sealed record HealthCheck(string Name, string Subject, string? Problem)
{
    private const string Cluster = "cluster";
    private const string Removed = "removed";

    // What takes no part in the cluster any more, or not yet, is not ill for it.
    private static readonly string[] WellRoles = ["leader", "follower", "standby", Removed];

    /// <summary>What the replicas say of themselves: that they answer, are of one cluster, and know one leader.</summary>
    public static IEnumerable<HealthCheck> Of(IReadOnlyList<EndPointReport> reports)
    {
        foreach (var report in reports) yield return new("answers", $"{report.EndPoint}", report.Problem);
        var statuses = reports.Select(report => report.Status).OfType<StatusAnswer>().ToList();
        if (statuses.Count == 0) yield break;
        yield return new("one_cluster", Cluster, ProblemOf(statuses.Select(status => status.Cluster)));
        foreach (var status in statuses) yield return new("knows_leader", status.Replica, status.Leader is null ? "none" : null);
        yield return new("one_leader", Cluster, ProblemOf(statuses.Select(status => status.Leader).OfType<string>()));
    }

    /// <summary>What the cluster says of its replicas: that they take part, are well, and hold the same.</summary>
    public static IEnumerable<HealthCheck> Of(IReadOnlyList<ReplicaAnswer> replicas)
    {
        foreach (var replica in replicas)
        {
            yield return new("takes_part", replica.Replica, WellRoles.Contains(replica.Role) ? null : replica.Role);
            if (replica.Role != Removed) yield return new("is_well", replica.Replica, replica.Health.IsEmpty ? null : string.Join(",", replica.Health));
        }

        // Replicas that are at different revisions hold different states by right.
        var digests = replicas.Select(replica => replica.Progress).OfType<ReplicaProgress>().GroupBy(progress => progress.Revision);
        yield return new("same_digest", Cluster, digests.Select(same => ProblemOf(same.Select(progress => progress.Digest))).FirstOrDefault(problem => problem is not null));
    }

    private static string? ProblemOf(IEnumerable<string> values) => values.Distinct().ToList() is { Count: > 1 } several ? string.Join(" and ", several) : null;
}
