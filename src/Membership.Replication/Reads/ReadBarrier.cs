using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Divergence;
using Membership.Replication.Hosting;
using Membership.Replication.Leadership;
using Membership.Replication.Log;
using Membership.Replication.Peers;
using Membership.Replication.Proposals;

namespace Membership.Replication.Reads;

/// <summary>
/// Makes a read linearizable: whatever any replica acknowledged before the call is in the state after it. A majority confirms that the
/// leader still leads; a follower asks for the index that was confirmed, and waits for it. Reads that wait at the same moment share that.
/// </summary>
/// <remarks>Source: Raft dissertation, 6.4. The package's own barrier of a follower asks the leader without a majority: not linearizable.</remarks>
internal sealed class ReadBarrier
{
    // A round under way and the one behind it, each of requests that may be waited for in turn. The package was seen to forget one of many who waited
    // for a round's end: whoever is forgotten asks for another one.
    private const int RequestsMax = 4;

    private readonly ReplicaCluster _cluster;
    private readonly DurableLog _log;
    private readonly PeerSet _peers;
    private readonly Func<string?> _leader;
    private readonly LeaderSight _sight;
    private readonly Fence _divergence;
    private readonly TimeSpan _limit;
    private readonly TimeSpan _roundMax;
    private readonly CancellationToken _fence;
    private readonly RetryPulse _pulse = new();
    private readonly CoalescedCall<long?> _confirm;
    private readonly CoalescedCall<long?> _ask;

    /// <param name="cluster">Holds the rounds.</param>
    /// <param name="log">Knows what was applied.</param>
    /// <param name="peers">The other replicas.</param>
    /// <param name="leader">The leader's id, as far as this replica knows.</param>
    /// <param name="sight">Whether it sees one.</param>
    /// <param name="divergence">Whether its state may be believed.</param>
    /// <param name="options">How long a read waits, and a request of Raft.</param>
    /// <param name="fence">Ends all reads.</param>
    public ReadBarrier(
        ReplicaCluster cluster,
        DurableLog log,
        PeerSet peers,
        Func<string?> leader,
        LeaderSight sight,
        Fence divergence,
        MembershipReplicaOptions options,
        CancellationToken fence)
    {
        (_cluster, _log, _peers, _leader, _sight, _divergence) = (cluster, log, peers, leader, sight, divergence);
        (_limit, _fence) = (options.RequestLimit, fence);
        var roundMax = RequestsMax * options.RequestTimeout;
        _roundMax = roundMax < _limit / 2 ? roundMax : _limit / 2;
        _confirm = new(ConfirmIndexAsync, _limit, fence);
        _ask = new(AskLeaderAsync, _limit, fence);
    }

    /// <summary>Returns when the present state may be read.</summary>
    /// <param name="canGoElsewhere">The caller can ask another replica, so it is not kept waiting while this one sees no leader.</param>
    /// <param name="token">The caller gives up.</param>
    /// <exception cref="ReplicaUnavailableException">There was no leader with a majority in time.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task ConfirmAsync(bool canGoElsewhere, CancellationToken token)
    {
        try
        {
            RequireServed();
            var deadline = Deadline.After(_limit);
            if (!await TryConfirmAsync(!canGoElsewhere, deadline, token)) await TryAgainAsync(canGoElsewhere, deadline, token);
            RequireServed();
        }
        catch (LogFailedException e)
        {
            throw new ReplicaUnavailableException("The replica has stopped for good.", e);
        }
        catch (TimeoutException e)
        {
            throw new ReplicaUnavailableException($"This replica did not get as far as the leader within {_limit.TotalSeconds:0.#} s.", e);
        }
        catch (OperationCanceledException e) when (!token.IsCancellationRequested)
        {
            var reason = _fence.IsCancellationRequested ? "The replica has stopped." : $"No leader confirmed the read within {_limit.TotalSeconds:0.#} s.";
            throw new ReplicaUnavailableException(reason, e);
        }
    }

    /// <summary>On the leader, the index that a read has to wait for; null when it could not be confirmed.</summary>
    /// <param name="token">Gives up the waiting.</param>
    /// <exception cref="OperationCanceledException">There was no answer in time, or the replica stops.</exception>
    public Task<long?> TryConfirmIndexAsync(CancellationToken token) => _confirm.CallAsync(asksAgain: false, token);

    /// <summary>Has a majority confirm, in a round that begins after the call, that this replica leads.</summary>
    /// <param name="round">The package's round.</param>
    /// <param name="token">Gives up.</param>
    /// <remarks>
    /// The package tells who waits for a round's end from who came during it by a switch that it turns as the round begins. Who looks at the
    /// switch just before and waits just after passes at once, confirmed by nobody; so that does not count. Neither may two
    /// reads wait at a time: one that gives up during a round lets all others pass.
    /// </remarks>
    internal static async ValueTask ConfirmLeadershipAsync(Func<CancellationToken, ValueTask> round, CancellationToken token)
    {
        while (true)
        {
            var confirmed = round(token);
            var isOfNobody = confirmed.IsCompletedSuccessfully;
            await confirmed;
            if (!isOfNobody) return;
        }
    }

    private async ValueTask<long?> ConfirmIndexAsync(CancellationToken token)
    {
        var leadership = _cluster.Leadership;
        if (leadership.IsCancellationRequested || _divergence.IsUp) return null;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(token, leadership);
        try
        {
            // All that was ever acknowledged stands up to here in the log of who leads.
            var index = _log.LastEntryIndex;
            end.CancelAfter(_roundMax);
            await ConfirmLeadershipAsync(_cluster.ForceReplicationAsync, end.Token);
            end.CancelAfter(Timeout.InfiniteTimeSpan);
            await _log.WaitForApplyAsync(index, end.Token);
            return leadership.IsCancellationRequested ? null : _log.LastAppliedIndex;
        }
        catch (Exception e) when (e is NotLeaderException or ObjectDisposedException)
        {
            // Its leadership is over, or is being torn down.
            return null;
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return null;
        }
    }

    private async ValueTask<long?> AskLeaderAsync(CancellationToken token)
    {
        var reign = _sight.Reign;
        if (_peers.Find(_leader()) is not { } peer) return null;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(token, reign);
        try
        {
            return (await peer.ConfirmReadIndexAsync(end.Token)).Index;
        }
        catch (PeerUnavailableException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            // Its reign is over: there is no waiting for one that may be silent for good.
            return null;
        }
    }

    private async Task TryAgainAsync(bool canGoElsewhere, Deadline deadline, CancellationToken token)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(token, _fence);
        end.CancelAfter(deadline.Left);
        do
        {
            if (canGoElsewhere && _sight.IsLost) throw new ReplicaUnavailableException("This replica sees no leader: ask another one.");
            await _pulse.WaitAsync(end.Token);
        }
        while (!await TryConfirmAsync(asksAgain: false, deadline, end.Token));
    }

    private async ValueTask<bool> TryConfirmAsync(bool asksAgain, Deadline deadline, CancellationToken token)
    {
        if (_cluster.IsLeading) return await _confirm.CallAsync(asksAgain, token) is not null;
        if (await _ask.CallAsync(asksAgain, token) is not { } index) return false;
        if (index > _log.LastAppliedIndex) await _log.WaitForApplyAsync(index, token).AsTask().WaitAsync(deadline.Left, token);
        return true;
    }

    private void RequireServed()
    {
        if (_divergence.Current is { } current) throw new ReplicaUnavailableException(current.Message);
    }
}
