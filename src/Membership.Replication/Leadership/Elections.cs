using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Hosting;
using Membership.Replication.Log;
using Membership.Replication.Peers;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Leadership;

/// <summary>
/// A replica's part in handing leadership over. A voter grants nobody its vote until an election timeout after the last word of a leader;
/// when that leader itself asks to vote for another one, there is nothing to wait for.
/// </summary>
/// <remarks>Source: Raft dissertation, 3.10. Whom it votes for stays Raft's decision: the term and the logs still count. Thread-safe.</remarks>
internal sealed class Elections(ReplicaCluster cluster, DurableLog log, Candidacy candidacy, MembershipReplicaOptions options, ILogger logger)
{
    private readonly Lock _sync = new();
    private int? _usualMs;
    private int _suspension;

    // A follower's own timer has at least this much left, so it does not fall into the time in which it would begin with nothing.
    private TimeSpan Window => TimeSpan.FromMilliseconds(options.ElectionTimeoutMinMs / 2.0);

    /// <summary>The leader says who is next: this replica stands for election, or lets that one win.</summary>
    /// <returns>False when it is too late for that, or this replica cannot lead.</returns>
    public async Task<bool> OnHandOverAsync(HandOverNotice notice, CancellationToken token)
    {
        if (!cluster.IsVoter || ((IPersistentState)log).Term != notice.Term || cluster.IsLeading) return false;
        if (notice.Successor == options.ReplicaId) return log.LastEntryIndex >= notice.LastIndex && await StandAsync(notice, token);
        GrantAtOnce();
        return true;
    }

    /// <summary>For a moment this replica votes for whoever stands, however lately a leader was heard of.</summary>
    public void GrantAtOnce() => _ = EndLaterAsync(Suspend(0));

    // The timeout is the usual one again before there are votes to wait for.
    private async Task<bool> StandAsync(HandOverNotice notice, CancellationToken token)
    {
        logger.StandsForElection(notice.Term);
        var suspension = Suspend(1);
        try
        {
            return await candidacy.StandAsync(token);
        }
        finally
        {
            End(suspension);
        }
    }

    private async Task EndLaterAsync(int suspension)
    {
        await Task.Delay(Window, CancellationToken.None);
        End(suspension);
    }

    // The last one counts: who grants votes and is then asked to stand does that.
    private int Suspend(int timeoutMs)
    {
        lock (_sync)
        {
            _usualMs ??= cluster.ElectionTimeoutMs;
            cluster.ElectionTimeoutMs = timeoutMs;
            return ++_suspension;
        }
    }

    private void End(int suspension)
    {
        lock (_sync)
        {
            if (suspension != _suspension || _usualMs is not { } usual) return;
            cluster.ElectionTimeoutMs = usual;
            _usualMs = null;
        }
    }
}
