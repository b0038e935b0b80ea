using Membership.Replication.Hosting;
using Membership.Replication.Telemetry;
using Membership.State;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Versions;

/// <summary>Finds out, on a leader, which state version every voter knows.</summary>
/// <remarks>Source: command specification, 2.1. One voter that does not answer, or knows no newer one, keeps the version where it is.</remarks>
internal sealed class VersionUpgrade(
    ReplicaCluster cluster, PeerSet peers, MembershipStore store, Limits limits, Func<string, bool> isVoter, ILogger logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private volatile uint _target;

    /// <summary>The version that every voter announced last.</summary>
    public uint Target => _target;

    /// <summary>Whether it is newer than the state's.</summary>
    public bool IsDue(StateSummary state) => _target > state.Version;

    /// <summary>Asks until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(stop))
        {
            // Nothing to ask for while this library knows no newer one itself, which is nearly always.
            if (!cluster.IsLeading || store.Summary.Version >= limits.NewestStateVersion) _target = 0;
            else await AskAsync(stop);
        }
    }

    private async Task AskAsync(CancellationToken stop)
    {
        var known = await peers.AskAllAsync(isVoter, async (peer, t) => (await peer.GetStatusAsync(t)).NewestStateVersion, stop);
        var target = known.Count < cluster.Members.Count - 1 ? 0 : known.Append(limits.NewestStateVersion).Min();
        if (target > store.Summary.Version && target != _target) logger.VersionKnown(target);
        _target = target;
    }
}
