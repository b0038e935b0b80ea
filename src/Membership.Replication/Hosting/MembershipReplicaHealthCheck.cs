using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Membership.Replication;

/// <summary>
/// Unhealthy when the replica has stopped for good or its state is in doubt, degraded when it takes part and cannot serve changes: no leader, a wrong clock, no vote.
/// </summary>
internal sealed class MembershipReplicaHealthCheck(MembershipReplica replica) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(replica.IsStarted ? Judge(replica.Status) : HealthCheckResult.Unhealthy("not_started"));

    private static HealthCheckResult Judge(ReplicaStatus status)
    {
        var data = new Dictionary<string, object>
        {
            ["role"] = status.Role.ToString(),
            ["leader"] = status.Leader ?? "",
            ["term"] = status.Term,
            ["commit_index"] = status.CommitIndex,
            ["applied_index"] = status.AppliedIndex,
            ["revision"] = status.Revision,
            ["snapshot_index"] = status.SnapshotIndex,
        };
        return status switch
        {
            { Fault: { } fault } => HealthCheckResult.Unhealthy($"{fault.Code}: {fault.Message}", fault.Exception, data),
            { Divergence: { } divergence } => HealthCheckResult.Unhealthy($"diverged: {divergence.Message}", data: data),
            { HasClockSkew: true } => HealthCheckResult.Degraded("clock_skew", data: data),
            { Role: ReplicaRole.Standby } => HealthCheckResult.Degraded("no_vote", data: data),
            { Leader: null } => HealthCheckResult.Degraded("no_leader", data: data),
            _ => HealthCheckResult.Healthy(data: data),
        };
    }
}
