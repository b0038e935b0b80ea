using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Hosting;
using Membership.Replication.Log;
using Membership.Replication.Peers;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Leadership;

/// <summary>
/// A replica's part in handing leadership over. A voter grants nobody its vote until an election timeout after the last word of a leader;
/// when that leader itself asks to vote for another one, there is nothing to wait for.
/// </summary>
/// <remarks>Source: Raft dissertation, 3.10. Whom it votes for stays Raft's decision: the term and the logs still count. Thread-safe.</remarks>
internal sealed class Elections(ReplicaCluster cluster, DurableLog log, string replicaId, MembershipReplicaOptions options, ILogger logger)
{
    private int _isSuspended;

    // A follower's own timer has at least this much left, so it does not fall into the time in which it would begin with nothing.
    private TimeSpan Window => TimeSpan.FromMilliseconds(options.ElectionTimeoutMinMs / 2.0);

    /// <summary>The leader says who is next: this replica stands for election, or lets that one win.</summary>
    /// <returns>False when it is too late for that, or this replica cannot lead.</returns>
    public async Task<bool> OnHandOverAsync(HandOverNotice notice, CancellationToken token)
    {
        if (!cluster.IsVoter || ((IPersistentState)log).Term != notice.Term || cluster.IsLeading) return false;
        if (notice.Successor != replicaId) return GrantAtOnce();
        if (log.LastEntryIndex < notice.LastIndex) return false;
        logger.LogInformation("Stands for election, as the leader of term {Term} asked.", notice.Term);
        return await StandAsync(token);
    }

    /// <summary>For a moment this replica votes for whoever stands, however lately a leader was heard of.</summary>
    /// <returns>False when it does so already.</returns>
    public bool GrantAtOnce()
    {
        if (Interlocked.Exchange(ref _isSuspended, 1) != 0) return false;
        _ = RestoreAsync(Exchange(0));
        return true;
    }

    // Out of standby mode a follower begins to wait for a leader anew, as long as its timeout is at that moment.
    private async Task<bool> StandAsync(CancellationToken token)
    {
        if (Interlocked.Exchange(ref _isSuspended, 1) != 0) return false;
        var usual = Exchange(1);
        try
        {
            return await cluster.EnableStandbyModeAsync(token) && await cluster.RevertToNormalModeAsync(token);
        }
        finally
        {
            Restore(usual);
        }
    }

    private async Task RestoreAsync(int usual)
    {
        await Task.Delay(Window, CancellationToken.None);
        Restore(usual);
    }

    private void Restore(int usual)
    {
        Exchange(usual);
        Volatile.Write(ref _isSuspended, 0);
    }

    private int Exchange(int timeoutMs) => Interlocked.Exchange(ref cluster.ElectionTimeoutMs, timeoutMs);
}
