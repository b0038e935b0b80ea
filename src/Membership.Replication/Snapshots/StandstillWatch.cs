using Membership.Replication.Hosting;
using Membership.Replication.Log;
using Membership.Replication.Peers;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Snapshots;

/// <summary>
/// Notices a follower that answers and yet stands still. When the acknowledgement of a snapshot is lost, the package offers that follower
/// the same snapshot for ever, and is refused for ever. A new leadership begins at the end of its log and finds the way back from there.
/// </summary>
internal sealed class StandstillWatch(ReplicaCluster cluster, DurableLog log, PeerSet peers, Func<string, bool> isVoter, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // Giving up leadership costs about a second without one. Where it does not help, another cause is at work, and more of it does harm.
    private static readonly TimeSpan RemedyPause = TimeSpan.FromMinutes(5);

    private readonly Standstill _standstill = new(time);
    private long? _remedied;

    /// <summary>Runs until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(stop))
        {
            if (!cluster.IsLeading)
            {
                _standstill.Forget();
                continue;
            }

            var statuses = await peers.AskAllAsync((peer, t) => peer.GetStatusAsync(t), stop);
            var still = statuses.Where(status => isVoter(status.ReplicaId) && _standstill.Shows(status, log.LastCommittedEntryIndex)).ToArray();
            foreach (var status in still) logger.StandsStill(status.ReplicaId, status.CommitIndex);
            if (still.Length > 0 && MayRemedy()) await cluster.StepDownAsync(stop);
        }
    }

    private bool MayRemedy()
    {
        if (_remedied is { } last && time.GetElapsedTime(last) < RemedyPause) return false;
        _remedied = time.GetTimestamp();
        return true;
    }
}
