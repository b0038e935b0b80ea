using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Membership.Replication.Hosting;

/// <summary>
/// Fails when the replica cannot serve changes and fresh reads now, and says what keeps it from that and what to do. Degraded where it serves and
/// is no good leader or voter.
/// </summary>
internal sealed class ReplicaReadyCheck(MembershipReplica replica) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!replica.IsStarted)
        {
            var notStarted = new HealthAnswer("started", "The replica is still opening its data folder: wait, and look at the log if it takes minutes.");
            return HealthAnswer.ToResult([notStarted], context, new Dictionary<string, object>());
        }

        var status = replica.Status;
        var engine = replica.Engine;
        HealthAnswer[] answers =
        [
            ReplicaAnswers.NotStopped(status.Fault),
            ReplicaAnswers.NotFenced(status.Divergence),
            ReplicaAnswers.HasVote(status),
            ReplicaAnswers.HasLeader(status),
            ReplicaAnswers.ClockAgrees(status),
            ReplicaAnswers.CaughtUp(status, engine.CommitIndexAtStart),
            ReplicaAnswers.Lag(engine.Progress.Lag, replica.ReadyLagMax),
            ReplicaAnswers.DiskWritable(await engine.Disk.FindProblemAsync(cancellationToken)),
        ];
        return HealthAnswer.ToResult(answers, context, FiguresOf(status), status.Fault?.Exception);
    }

    private static Dictionary<string, object> FiguresOf(ReplicaStatus status) => new()
    {
        ["role"] = status.Role.ToString(),
        ["leader"] = status.Leader ?? "",
        ["term"] = status.Term,
        ["commit_index"] = status.CommitIndex,
        ["applied_index"] = status.AppliedIndex,
        ["revision"] = status.Revision,
        ["snapshot_index"] = status.SnapshotIndex,
    };
}
