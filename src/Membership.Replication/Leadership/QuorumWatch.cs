using Membership.Replication.Hosting;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Leadership;

/// <summary>
/// A leader that no majority has answered for as long as an election takes gives leadership up: by then there may be another one, and
/// whoever waits here is to be told.
/// </summary>
/// <remarks>
/// The package finds it out by itself when the requests of one round have failed. But a follower that was behind when it fell silent has
/// the requests of many rounds before it, and each is waited for in turn: several seconds.
/// </remarks>
internal sealed class QuorumWatch(ReplicaCluster cluster, MembershipReplicaOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    // A lease lasts for the shortest election timeout from the beginning of a round that a majority answered.
    private readonly TimeSpan _behindLease = TimeSpan.FromMilliseconds(options.ElectionTimeoutMaxMs - options.ElectionTimeoutMinMs);

    /// <summary>Runs until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period, time);
        var (last, lostAt) = (CancellationToken.None, 0L);
        while (await timer.WaitForNextTickAsync(stop))
        {
            if (!cluster.TryGetLeaseToken(out var lease) || !lease.IsCancellationRequested) continue;

            // A lease that was renewed too late is another one: rounds that are slow are rounds.
            if (lease != last) (last, lostAt) = (lease, time.GetTimestamp());
            if (time.GetElapsedTime(lostAt) < _behindLease) continue;
            last = CancellationToken.None;
            if (await cluster.StepDownAsync(stop)) logger.LostMajority(options.ElectionTimeoutMaxMs);
        }
    }
}
