using Membership.Replication.Hosting;
using Membership.Replication.Log;
using Membership.Replication.Peers;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Snapshots;

/// <summary>
/// Notices a follower that answers and yet stands still. When the acknowledgement of a snapshot is lost, the package offers that follower
/// the same snapshot for ever, and is refused for ever. A new leadership begins at the end of its log and finds the way back from there.
/// </summary>
internal sealed class StandstillWatch(ReplicaCluster cluster, DurableLog log, PeerSet peers, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StandstillMax = TimeSpan.FromSeconds(10);

    // Giving up leadership costs about a second without one. Where it does not help, another cause is at work, and more of it does harm.
    private static readonly TimeSpan RemedyPause = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, (long CommitIndex, long Since)> _seen = [];
    private long? _remedied;

    /// <summary>Runs until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(stop))
        {
            if (!cluster.IsLeading)
            {
                _seen.Clear();
                continue;
            }

            var statuses = await peers.AskAllAsync((peer, t) => peer.GetStatusAsync(t), stop);
            if (statuses.Any(StandsStill) && MayRemedy()) await cluster.StepDownAsync(stop);
        }
    }

    private bool StandsStill(PeerStatus status)
    {
        var isBehind = status.CommitIndex < log.LastCommittedEntryIndex && !status.IsFetchingSnapshot && status.Fault is null;
        if (!isBehind || !_seen.TryGetValue(status.ReplicaId, out var seen) || seen.CommitIndex != status.CommitIndex)
        {
            _seen[status.ReplicaId] = (status.CommitIndex, time.GetTimestamp());
            return false;
        }

        if (time.GetElapsedTime(seen.Since) < StandstillMax) return false;
        logger.LogWarning("{Replica} has stood still at index {Index} for {Max}.", status.ReplicaId, status.CommitIndex, StandstillMax);
        return true;
    }

    private bool MayRemedy()
    {
        if (_remedied is { } last && time.GetElapsedTime(last) < RemedyPause) return false;
        _remedied = time.GetTimestamp();
        return true;
    }
}
