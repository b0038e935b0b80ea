using Membership.Replication.Configuration;
using Membership.Replication.Hosting;
using Membership.Replication.Log;
using Membership.Replication.Peers;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Leadership;

/// <summary>
/// Gives leadership to another voter without the wait for an election timeout: this leader takes no more proposals, sees to it that the next
/// one has all of its log, gives up, and asks that one to stand. Proposals that come meanwhile wait for the next leader.
/// </summary>
/// <remarks>Source: Raft dissertation, 3.10. The package has no request for it, so the peer channel carries it.</remarks>
internal sealed class LeadershipTransfer(
    ReplicaCluster cluster, DurableLog log, LeadershipLoop leadership, Elections elections, PeerSet peers, ReplicaDirectory directory, MembershipReplicaOptions options, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    // Longer, and callers would be better served by this leader; a successor that lags further is not near enough.
    private readonly TimeSpan _catchUpMax = TimeSpan.FromMilliseconds(2 * options.ElectionTimeoutMaxMs);
    private readonly TimeSpan _takeOverMax = TimeSpan.FromMilliseconds(2 * options.ElectionTimeoutMaxMs);

    /// <summary>Returns when the other one leads. Does nothing when this replica is the one.</summary>
    /// <param name="successor">To whom; null for whichever voter has most of the log.</param>
    /// <param name="token">Gives up as long as this replica leads.</param>
    /// <exception cref="ClusterChangeException">That one cannot lead now; this replica still does.</exception>
    /// <exception cref="ReplicaUnavailableException">Somebody else leads, or nobody yet.</exception>
    public async Task RunAsync(string? successor, CancellationToken token)
    {
        if (successor == directory.Self.Id) return;
        var next = await ChooseAsync(successor, token);
        using (await leadership.HoldAsync(token))
        {
            await CatchUpAsync(next, token);
            await HandOverAsync(next);
        }
    }

    private async Task<PeerClient> ChooseAsync(string? successor, CancellationToken token)
    {
        var statuses = await peers.AskAllAsync((peer, t) => peer.GetStatusAsync(t), token);
        var voters = cluster.Members.Where(member => member.IsRemote).Select(member => directory.ReplicaAt(member.EndPoint)).ToHashSet();
        if (successor is not null && !voters.Contains(successor))
            throw new ClusterChangeException(Code.ReplicaNotFound, $"'{successor}' has no vote, so it cannot lead.");
        var best = statuses
            .Where(status => voters.Contains(status.ReplicaId) && (successor is null || status.ReplicaId == successor))
            .Where(status => status is { Fault: null, IsClosed: false, HasClockSkew: false, HasDiverged: false })
            .MaxBy(status => status.LastIndex);
        return peers.Find(best?.ReplicaId)
            ?? throw new ClusterChangeException(Code.ReplicaNotReady, "The replica does not answer, has stopped, or its clock or state is wrong: it cannot lead.");
    }

    private async Task CatchUpAsync(PeerClient next, CancellationToken token)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(_catchUpMax);
        try
        {
            while ((await next.GetStatusAsync(limit.Token)).LastIndex < log.LastEntryIndex) await Task.Delay(Pause, limit.Token);
        }
        catch (Exception e) when (e is PeerUnavailableException || (e is OperationCanceledException && !token.IsCancellationRequested))
        {
            throw new ClusterChangeException(Code.NotCaughtUp, $"'{next.Address.ReplicaId}' is too far behind to lead.");
        }
    }

    // From here on it cannot be given up: somebody has to lead.
    private async Task HandOverAsync(PeerClient next)
    {
        var name = next.Address.ReplicaId;
        var notice = new HandOverNotice(((DotNext.Net.Cluster.Consensus.Raft.IPersistentState)log).Term, log.LastEntryIndex, name);
        await peers.AskAllAsync((peer, t) => peer == next ? Task.FromResult(true) : peer.HandOverAsync(notice, t), CancellationToken.None);
        if (!await cluster.StepDownAsync(CancellationToken.None)) throw new ReplicaUnavailableException("Leadership was lost before it was given away.");
        elections.GrantAtOnce();
        using var limit = new CancellationTokenSource(_takeOverMax);
        try
        {
            if (!await next.HandOverAsync(notice, limit.Token)) throw new ReplicaUnavailableException($"'{name}' cannot stand for election: look who leads.");
            while (cluster.LeaderEndPoint is not { } leader || directory.ReplicaAt(leader) != name) await Task.Delay(Pause, limit.Token);
            logger.GaveLeadership(name);
        }
        catch (Exception e) when (e is PeerUnavailableException or OperationCanceledException)
        {
            throw new ReplicaUnavailableException($"'{name}' has not taken over: look who leads.", e);
        }
    }
}
