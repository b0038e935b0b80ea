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
/// leader still leads; a follower asks for the index that was confirmed, and waits for it.
/// </summary>
/// <remarks>Source: Raft dissertation, 6.4. The package's own barrier of a follower asks the leader without a majority: not linearizable.</remarks>
internal sealed class ReadBarrier(
    ReplicaCluster cluster, DurableLog log, PeerSet peers, Func<string?> leader, LeaderSight sight, Fence divergence, TimeSpan limit, CancellationToken fence)
{
    private readonly RetryPulse _pulse = new();
    private readonly CoalescedCall<long?> _ask = new(token => AskLeaderAsync(peers, leader, sight, token), limit);

    /// <summary>Returns when the present state may be read.</summary>
    /// <param name="canGoElsewhere">The caller can ask another replica, so it is not kept waiting while this one sees no leader.</param>
    /// <param name="token">The caller gives up.</param>
    /// <exception cref="ReplicaUnavailableException">There was no leader with a majority in time.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task ConfirmAsync(bool canGoElsewhere, CancellationToken token)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(token, fence);
        end.CancelAfter(limit);
        try
        {
            RequireServed();
            while (!await TryConfirmAsync(end.Token))
            {
                if (canGoElsewhere && sight.IsLost) throw new ReplicaUnavailableException("This replica sees no leader: ask another one.");
                await _pulse.WaitAsync(end.Token);
            }

            RequireServed();
        }
        catch (LogFailedException e)
        {
            throw new ReplicaUnavailableException("The replica has stopped for good.", e);
        }
        catch (OperationCanceledException e) when (!token.IsCancellationRequested)
        {
            var reason = fence.IsCancellationRequested ? "The replica has stopped." : $"No leader confirmed the read within {limit.TotalSeconds:0.#} s.";
            throw new ReplicaUnavailableException(reason, e);
        }
    }

    /// <summary>On the leader, the index that a read has to wait for; null when it could not be confirmed.</summary>
    public async ValueTask<long?> TryConfirmIndexAsync(CancellationToken token)
    {
        var leadership = cluster.Leadership;
        if (leadership.IsCancellationRequested || divergence.IsUp) return null;
        try
        {
            await cluster.ApplyReadBarrierAsync(ReadBarrierType.Strong, token);

            // The package falls back to asking another leader, without a majority, should this one's time have ended in between.
            return leadership.IsCancellationRequested ? null : log.LastAppliedIndex;
        }
        catch (Exception e) when (e is NotLeaderException or QuorumUnreachableException)
        {
            return null;
        }
    }

    private void RequireServed()
    {
        if (divergence.Current is { } current) throw new ReplicaUnavailableException(current.Message);
    }

    private static async Task<long?> AskLeaderAsync(PeerSet peers, Func<string?> leader, LeaderSight sight, CancellationToken token)
    {
        var reign = sight.Reign;
        if (peers.Find(leader()) is not { } peer) return null;
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

    private async Task<bool> TryConfirmAsync(CancellationToken token)
    {
        if (cluster.IsLeading) return await TryConfirmIndexAsync(token) is not null;
        if (await _ask.CallAsync(token) is not { } index) return false;
        await log.WaitForApplyAsync(index, token);
        return true;
    }
}
