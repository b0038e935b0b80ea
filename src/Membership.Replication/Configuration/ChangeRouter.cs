using System.Diagnostics;
using Membership.Replication.Hosting;
using Membership.Replication.Peers;

namespace Membership.Replication.Configuration;

/// <summary>Brings a change of the cluster to the leader, this replica or another one, and asks until it is done, refused, or given up.</summary>
internal sealed class ChangeRouter(ClusterChanges changes, ReplicaCluster cluster, PeerSet peers, Func<string?> leader, TimeSpan limit, CancellationToken fence)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes the change. Does nothing when it is as asked already.</summary>
    /// <exception cref="ClusterChangeException">It may not be done now; nothing was changed.</exception>
    /// <exception cref="ReplicaUnavailableException">There was no leader to ask for too long: it may have been done or not.</exception>
    public async Task RunAsync(ClusterChange change, CancellationToken token)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(token, fence);
        try
        {
            await AskUntilDoneAsync(change, end.Token);
        }
        catch (OperationCanceledException e) when (!token.IsCancellationRequested)
        {
            throw new ReplicaUnavailableException("The replica has stopped.", e);
        }
    }

    private async Task AskUntilDoneAsync(ClusterChange change, CancellationToken end)
    {
        end.ThrowIfCancellationRequested();
        var since = Stopwatch.GetTimestamp();
        var former = leader();
        while (true)
        {
            // Leadership has left the one that was to give it away, and went where nobody said it may not.
            if (change == ClusterChange.Transfer(null) && former is not null && leader() is { } present && present != former) return;
            former ??= leader();
            var answer = await AskAsync(change, end);
            switch ((Code)answer.Code)
            {
                case Code.Ok:
                    return;
                case Code.OutcomeUnknown:
                    since = Stopwatch.GetTimestamp();
                    break;
                case Code.NotLeader:
                    if (Stopwatch.GetElapsedTime(since) > limit) throw new ReplicaUnavailableException(answer.Message ?? "No leader answers.");
                    break;
                default:
                    throw new ClusterChangeException((Code)answer.Code, answer.Message ?? "");
            }

            await Task.Delay(Pause, end);
        }
    }

    private async Task<ClusterChangeAnswer> AskAsync(ClusterChange change, CancellationToken token)
    {
        try
        {
            if (cluster.IsLeading)
            {
                await changes.RunAsync(change, token);
                return new((int)Code.Ok);
            }

            return peers.Find(leader()) is { } peer ? await peer.ChangeClusterAsync(change, token) : new((int)Code.NotLeader, "No leader is known.");
        }
        catch (Exception e) when (e is ReplicaUnavailableException or PeerUnavailableException)
        {
            return new((int)Code.NotLeader, e.Message);
        }
    }
}
