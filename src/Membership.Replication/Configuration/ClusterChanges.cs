using System.Net;
using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Hosting;
using Membership.Replication.Leadership;
using Membership.Replication.Log;
using Membership.Replication.Peers;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Configuration;

/// <summary>
/// Changes of the cluster, one at a time, on the leader: remove, then add; never more than three voters. A change of the voters starts only
/// when majorities of the old and the new list have applied the last one, as the package counts a configuration from its applying, not from
/// its appending.
/// </summary>
/// <param name="cluster">The cluster, of which this replica is the leader.</param>
/// <param name="configuration">The voters.</param>
/// <param name="directory">Who listens where.</param>
/// <param name="peers">The others.</param>
/// <param name="log">The log.</param>
/// <param name="transfer">Gives leadership away.</param>
/// <param name="beginBehindSnapshot">Has an entry made if the log ends with the snapshot.</param>
/// <param name="logger">For what was done.</param>
/// <param name="stop">Ends what is under way.</param>
internal sealed class ClusterChanges(
    ReplicaCluster cluster,
    ConfigurationStorage configuration,
    ReplicaDirectory directory,
    PeerSet peers,
    DurableLog log,
    LeadershipTransfer transfer,
    Action beginBehindSnapshot,
    ILogger logger,
    CancellationToken stop)
{
    private const int VotersMax = 3;
    private static readonly TimeSpan PauseBetweenTries = TimeSpan.FromMilliseconds(200);
    private readonly ChangeTurn _turn = new();

    /// <summary>Makes a change, or waits for the same one that is under way. Does nothing when it is as asked already.</summary>
    /// <exception cref="ClusterChangeException">It may not be done now.</exception>
    /// <exception cref="ReplicaUnavailableException">This replica does not lead, or lost leadership: it may have been done or not.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; no further attempt is begun, and the present one goes on.</exception>
    public Task RunAsync(ClusterChange change, CancellationToken token) => cluster.IsLeading
        ? _turn.RunAsync(change, abandoned => RunAsync(change, directory.Find(change.ReplicaId), abandoned), token)
        : throw new ReplicaUnavailableException("This replica does not lead: ask the leader.");

    private async Task RunAsync(ClusterChange change, ReplicaAddress? replica, CancellationToken abandoned)
    {
        try
        {
            await ((ClusterChangeKind)change.Kind switch
            {
                ClusterChangeKind.Add => AddAsync(KnownReplica.Parse(change.Addresses ?? "").Address, abandoned),
                ClusterChangeKind.Transfer => transfer.RunAsync(change.ReplicaId, abandoned),
                ClusterChangeKind.Remove => RemoveAsync(replica ?? throw new ClusterChangeException(Code.ReplicaNotFound, $"Nobody knows a replica '{change.ReplicaId}'.")),
                _ => throw new ClusterChangeException(Code.InvalidArgument, "The leader's version of the library knows no such change."),
            });
        }
        catch (Exception e) when (e is NotLeaderException or QuorumUnreachableException || stop.IsCancellationRequested)
        {
            throw new ReplicaUnavailableException("Leadership was lost during the change: look whether it came about.", e);
        }
    }

    private async Task RemoveAsync(ReplicaAddress replica)
    {
        var voters = await configuration.ReadVotersAsync(stop);
        if (!voters.Contains(replica.RaftEndPoint)) return;
        if (voters.Count == 1) throw new ClusterChangeException(Code.LastVoter, "The last voter cannot be removed.");
        if (replica.Id == directory.Self.Id)
        {
            await transfer.RunAsync(null, stop);
            throw new ReplicaUnavailableException("The leader does not remove itself: it gave leadership away, ask the next one.");
        }

        await RequireLastChangeAppliedAsync(voters, voters.Where(voter => !voter.Equals(replica.RaftEndPoint)).ToHashSet());
        if (!await cluster.RemoveMemberAsync(replica.RaftEndPoint, stop)) throw new ReplicaUnavailableException($"'{replica.Id}' was not removed: try again.");
        logger.RemovedReplica(replica.Id);
    }

    private async Task AddAsync(ReplicaAddress replica, CancellationToken abandoned)
    {
        var voters = await configuration.ReadVotersAsync(stop);
        if (IsVoter(replica, voters)) return;
        if (voters.Count >= VotersMax) throw new ClusterChangeException(Code.TooManyVoters, $"There are {VotersMax} voters already: remove one first.");

        // It is brought to the end of the log, and so past the last change, before it has its vote: of two voters it could not be asked before.
        await RequireLastChangeAppliedAsync(voters, voters.Append(replica.RaftEndPoint).ToHashSet(), replica.RaftEndPoint);
        var before = directory.All.FirstOrDefault(known => known.Address.Id == replica.Id)?.Since ?? -1;
        directory.Learn(new(replica, Math.Max(before + 1, log.LastEntryIndex)));
        await AdmitAsync(replica, abandoned);

        // Rounds of catching up are spent while a snapshot is on its way to the new replica: then try again. And the package takes nobody for
        // caught up who has all that there is by a snapshot: a cluster that is idle since its restore or recovery has no entry behind it.
        while (!await cluster.AddMemberAsync(replica.RaftEndPoint, stop))
        {
            if ((await configuration.ReadVotersAsync(stop)).Contains(replica.RaftEndPoint)) break;
            beginBehindSnapshot();
            await Task.Delay(PauseBetweenTries, abandoned);
        }

        logger.AddedReplica(replica.Id);
        await WaitUntilItKnowsAsync(replica.Id, abandoned);
    }

    // The vote counts from its commit on, and the package gives it once the replica has heard of that: should the leader stop in between, the
    // two that are left could elect nobody.
    private async Task WaitUntilItKnowsAsync(string replicaId, CancellationToken abandoned)
    {
        while (true)
        {
            try
            {
                if (peers.Find(replicaId) is not { } peer || (await peer.GetStatusAsync(abandoned)).IsVoter) return;
            }
            catch (PeerUnavailableException)
            {
                // It is told when it is back.
            }

            await Task.Delay(PauseBetweenTries / 10, abandoned);
        }
    }

    // The same replica at another address, or another one at this address, is a mistake and not a repetition.
    private bool IsVoter(ReplicaAddress replica, IReadOnlySet<EndPoint> voters)
    {
        var others = voters.Select(directory.At).OfType<KnownReplica>().Select(known => known.Address).ToArray();
        if (others.Any(other => other.Id == replica.Id && other.RaftEndPoint.Equals(replica.RaftEndPoint))) return true;
        EndPoint[] wanted = [replica.RaftEndPoint, replica.PeerEndPoint];
        var taken = others.FirstOrDefault(other => other.Id == replica.Id || wanted.Contains(other.RaftEndPoint) || wanted.Contains(other.PeerEndPoint));
        return taken is null ? false : throw new ClusterChangeException(Code.ReplicaInUse, $"'{taken.Id}' has a vote with one of these addresses or this id.");
    }

    private async Task RequireLastChangeAppliedAsync(IReadOnlySet<EndPoint> before, IReadOnlySet<EndPoint> after, EndPoint? added = null)
    {
        var version = await configuration.ReadVersionAsync(stop);
        var statuses = await peers.AskAllAsync((peer, t) => peer.GetStatusAsync(t), stop);
        var applied = statuses.Where(status => status is { Fault: null, IsClosed: false } && status.ConfigurationIndex >= version)
            .Select(status => directory.Find(status.ReplicaId)?.RaftEndPoint).ToHashSet();
        applied.Add(directory.Self.RaftEndPoint);
        applied.Add(added);
        if (IsMajority(applied, before) && IsMajority(applied, after)) return;
        throw new ClusterChangeException(Code.NotCaughtUp, "Too few replicas answer that they have applied the last change of the cluster. Wait until they do.");
    }

    private async Task AdmitAsync(ReplicaAddress replica, CancellationToken token)
    {
        var replicaId = replica.Id;
        try
        {
            var peer = peers.Find(replicaId) ?? throw new ReplicaUnavailableException("The replica is being closed.");

            // It knows itself best. At another address for Raft it would be called in vain for as long as the operator waits.
            var self = KnownReplica.ParseAll(await peer.ExchangeReplicasAsync([], token)).FirstOrDefault(known => known.Address.Id == replicaId)?.Address;
            if (self is not null && !self.RaftEndPoint.Equals(replica.RaftEndPoint))
                throw new ClusterChangeException(Code.ReplicaNotReady, $"'{replicaId}' listens for Raft at {self.RaftEndPoint}, not at {replica.RaftEndPoint}.");
            var status = await peer.GetStatusAsync(token);
            if (await peer.AdmitAsync(new(status.Incarnation, await configuration.ReadVersionAsync(token)), token)) return;
            throw new ClusterChangeException(Code.ReplicaNotReady, $"'{replicaId}' runs on a folder with a vote in it. Stop it, empty the folder and start it again.");
        }
        catch (PeerUnavailableException e)
        {
            throw new ClusterChangeException(Code.ReplicaNotReady, $"'{replicaId}' does not answer: {e.Message}");
        }
    }

    private static bool IsMajority(HashSet<EndPoint?> some, IReadOnlySet<EndPoint> voters) => voters.Count(some.Contains) > voters.Count / 2;
}
