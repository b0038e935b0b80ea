using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Membership.Replication.Hosting;

/// <summary>Fails when only a new start can help: the replica has stopped for good. One that still opens its folder is alive.</summary>
internal sealed class ReplicaLiveCheck(MembershipReplica replica) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var fault = replica.IsStarted ? replica.Status.Fault : null;
        return Task.FromResult(HealthAnswer.ToResult([ReplicaAnswers.NotStopped(fault)], context, new Dictionary<string, object>(), fault?.Exception));
    }
}
