using System.Net;
using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Hosting;
using Membership.Replication.Peers;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Configuration;

/// <summary>
/// Changes of the voters, one at a time, on the leader: remove, then add; never more than three. A change starts only when majorities of
/// the old and the new list have applied the last one, as the package counts a configuration from its applying, not from its appending.
/// </summary>
internal sealed class ClusterChanges(
    ReplicaCluster cluster, ConfigurationStorage configuration, PeerSet peers, MembershipReplicaOptions options, ILogger logger)
{
    private const int VotersMax = 3;
    private static readonly TimeSpan NoticePeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseBetweenTries = TimeSpan.FromMilliseconds(200);
    private int _isChanging;

    /// <summary>Takes a replica's vote away. Does nothing when it has none.</summary>
    /// <exception cref="ClusterChangeException">It may not be done now.</exception>
    /// <exception cref="ReplicaUnavailableException">This replica does not lead, or lost leadership: it may have been done or not.</exception>
    public Task RemoveAsync(string replicaId, CancellationToken token) => ChangeAsync(
        replicaId,
        async (replica, voters) =>
        {
            if (!voters.Contains(replica.RaftEndPoint)) return;
            if (voters.Count == 1) throw new ClusterChangeException("The last voter cannot be removed.");
            if (replicaId == options.ReplicaId) throw new ClusterChangeException("The leader does not remove itself: stop it, and ask the next one.");
            await RequireLastChangeAppliedAsync(voters, voters.Where(voter => !voter.Equals(replica.RaftEndPoint)).ToHashSet(), token);
            if (!await cluster.RemoveMemberAsync(replica.RaftEndPoint, token)) throw new ClusterChangeException($"'{replicaId}' is no member of the cluster.");
            logger.LogWarning("Removed {Replica} from the cluster.", replicaId);
        },
        token);

    /// <summary>
    /// Gives a vote to a replica that runs on an empty folder, once it has caught up. Does nothing when it has one. Goes on until it is
    /// done or the token is cancelled.
    /// </summary>
    /// <exception cref="ClusterChangeException">It may not be done now.</exception>
    /// <exception cref="ReplicaUnavailableException">This replica does not lead, or lost leadership: it may have been done or not.</exception>
    public Task AddAsync(string replicaId, CancellationToken token) => ChangeAsync(
        replicaId,
        async (replica, voters) =>
        {
            if (voters.Contains(replica.RaftEndPoint)) return;
            if (voters.Count >= VotersMax) throw new ClusterChangeException($"There are {VotersMax} voters already: remove one first.");
            await RequireLastChangeAppliedAsync(voters, voters.Append(replica.RaftEndPoint).ToHashSet(), token);
            await AdmitAsync(replicaId, token);

            // Rounds of catching up are spent while a snapshot is on its way to the new replica: then try again.
            while (!await cluster.AddMemberAsync(replica.RaftEndPoint, token))
            {
                if ((await configuration.ReadVotersAsync(token)).Contains(replica.RaftEndPoint)) return;
                await Task.Delay(PauseBetweenTries, token);
            }

            logger.LogWarning("Added {Replica} to the cluster.", replicaId);
        },
        token);

    /// <summary>While this replica leads, tells replicas without a vote so: the package does not, and one would go on asking for votes.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(NoticePeriod);
        while (await timer.WaitForNextTickAsync(stop))
        {
            if (cluster.IsLeading) await NotifyRemovedAsync(stop);
        }
    }

    private async Task ChangeAsync(
        string replicaId, Func<ReplicaAddress, IReadOnlySet<EndPoint>, Task> change, CancellationToken token)
    {
        var replica = options.Replicas.FirstOrDefault(replica => replica.Id == replicaId)
            ?? throw new ClusterChangeException($"The options know no replica '{replicaId}'.");
        if (Interlocked.Exchange(ref _isChanging, 1) != 0) throw new ClusterChangeException("Another change of the cluster is under way.");
        try
        {
            if (!cluster.IsLeading) throw new ReplicaUnavailableException("This replica does not lead: ask the leader.");
            await change(replica, await configuration.ReadVotersAsync(token));
        }
        catch (Exception e) when (e is NotLeaderException or QuorumUnreachableException)
        {
            throw new ReplicaUnavailableException("Leadership was lost during the change: look whether it came about.", e);
        }
        finally
        {
            Volatile.Write(ref _isChanging, 0);
        }
    }

    private async Task RequireLastChangeAppliedAsync(IReadOnlySet<EndPoint> before, IReadOnlySet<EndPoint> after, CancellationToken token)
    {
        var version = await configuration.ReadVersionAsync(token);
        var statuses = await peers.AskAllAsync((peer, t) => peer.GetStatusAsync(t), token);
        var applied = statuses.Where(status => status is { Fault: null, IsClosed: false } && status.ConfigurationIndex >= version).Select(status => AddressOf(status.ReplicaId)).ToHashSet();
        applied.Add(options.Self.RaftEndPoint);
        if (IsMajority(applied, before) && IsMajority(applied, after)) return;
        throw new ClusterChangeException("Too few replicas answer that they have applied the last change of the cluster. Wait until they do.");
    }

    private async Task AdmitAsync(string replicaId, CancellationToken token)
    {
        try
        {
            var peer = peers.Find(replicaId)!;
            var status = await peer.GetStatusAsync(token);
            if (await peer.AdmitAsync(new(status.Incarnation, await configuration.ReadVersionAsync(token)), token)) return;
            throw new ClusterChangeException($"'{replicaId}' runs on a folder with a vote in it. Stop it, empty the folder and start it again.");
        }
        catch (PeerUnavailableException e)
        {
            throw new ClusterChangeException($"'{replicaId}' does not answer: {e.Message}");
        }
    }

    private static bool IsMajority(HashSet<EndPoint?> some, IReadOnlySet<EndPoint> voters) => voters.Count(some.Contains) > voters.Count / 2;

    private EndPoint? AddressOf(string replicaId) => options.Replicas.FirstOrDefault(replica => replica.Id == replicaId)?.RaftEndPoint;

    private async Task NotifyRemovedAsync(CancellationToken stop)
    {
        var voters = await configuration.ReadVotersAsync(stop);
        var version = await configuration.ReadVersionAsync(stop);
        foreach (var peer in peers.All.Where(peer => AddressOf(peer.Address.ReplicaId) is { } address && !voters.Contains(address)))
        {
            try
            {
                var status = await peer.GetStatusAsync(stop);
                await peer.NotifyRemovedAsync(new(status.Incarnation, version), stop);
            }
            catch (PeerUnavailableException)
            {
                // It is told when it is back.
            }
        }
    }
}
