using System.Net;
using Membership.Replication.Peers;
using Membership.Replication.Snapshots;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Telemetry;

/// <summary>
/// Everything that a replica logs. The ids are stable and never reused; a summary says what an operator should do, and the README's table is
/// made of both. Ids from 300 on are the registry's.
/// </summary>
internal static partial class ReplicaLog
{
    /// <summary>Nothing: it is the leader now.</summary>
    [LoggerMessage(100, LogLevel.Information, "Leads in term {Term}.")]
    public static partial void Leads(this ILogger logger, long term);

    /// <summary>Nothing, unless it comes often: then see that replicas reach one another in less than an election timeout.</summary>
    [LoggerMessage(101, LogLevel.Information, "No longer leads in term {Term}.")]
    public static partial void LeadsNoMore(this ILogger logger, long term);

    /// <summary>Nothing at once: it begins anew. If it comes again, look at the exception.</summary>
    [LoggerMessage(102, LogLevel.Warning, "An entry could not be replicated.")]
    public static partial void EntryFailed(this ILogger logger, Exception problem);

    /// <summary>Nothing.</summary>
    [LoggerMessage(103, LogLevel.Information, "Gave leadership to {Replica}.")]
    public static partial void GaveLeadership(this ILogger logger, string replica);

    /// <summary>Nothing: the others elect one within an election timeout, if they are a majority.</summary>
    [LoggerMessage(104, LogLevel.Information, "Stops without a successor: {Reason}")]
    public static partial void StopsWithoutSuccessor(this ILogger logger, string reason);

    /// <summary>Nothing.</summary>
    [LoggerMessage(105, LogLevel.Information, "Stands for election, as the leader of term {Term} asked.")]
    public static partial void StandsForElection(this ILogger logger, long term);

    /// <summary>See that the others run and can be reached: clients go to whoever leads instead, if those are a majority.</summary>
    [LoggerMessage(106, LogLevel.Warning, "Gives leadership up: no majority has answered for {Limit} ms.")]
    public static partial void LostMajority(this ILogger logger, int limit);

    /// <summary>Set the clock by NTP; until then the replica does not lead.</summary>
    [LoggerMessage(110, LogLevel.Warning, "The clock is {Difference} ms and more from those of a majority.")]
    public static partial void ClockIsOff(this ILogger logger, double difference);

    /// <summary>Nothing.</summary>
    [LoggerMessage(111, LogLevel.Warning, "The clock agrees with those of a majority again.")]
    public static partial void ClockAgrees(this ILogger logger);

    /// <summary>Nothing, if an operator asked for it.</summary>
    [LoggerMessage(120, LogLevel.Warning, "Removed {Replica} from the cluster.")]
    public static partial void RemovedReplica(this ILogger logger, string replica);

    /// <summary>Nothing, if an operator asked for it.</summary>
    [LoggerMessage(121, LogLevel.Warning, "Added {Replica} to the cluster.")]
    public static partial void AddedReplica(this ILogger logger, string replica);

    /// <summary>See to the disk. The addresses come again from the configuration and from peers.</summary>
    [LoggerMessage(122, LogLevel.Warning, "'{File}' cannot be read and is passed over: {Problem}")]
    public static partial void DirectoryUnreadable(this ILogger logger, string file, string problem);

    /// <summary>Remove and add the replica; or, if it is to found a cluster, start it with Bootstrap.</summary>
    [LoggerMessage(123, LogLevel.Warning, "The data folder is empty: the replica waits to be removed and added.")]
    public static partial void FolderEmpty(this ILogger logger);

    /// <summary>Nothing: the cluster goes over to it.</summary>
    [LoggerMessage(124, LogLevel.Information, "All voters know state version {Version}.")]
    public static partial void VersionKnown(this ILogger logger, uint version);

    /// <summary>Nothing: the replica was too far behind for the log.</summary>
    [LoggerMessage(130, LogLevel.Information, "Fetches the snapshot at index {Index}, {Length} bytes.")]
    public static partial void FetchesSnapshot(this ILogger logger, long index, long length);

    /// <summary>Nothing: it goes on, with the same peer or another.</summary>
    [LoggerMessage(131, LogLevel.Information, "Snapshot {Hash} broke off at {Source}: {Problem}")]
    public static partial void SnapshotBrokeOff(this ILogger logger, SnapshotHash hash, string source, string problem);

    /// <summary>See to the disks of the peers if it comes again; it is fetched anew.</summary>
    [LoggerMessage(132, LogLevel.Warning, "Snapshot {Hash} as received is bad and is dropped: {Problem}")]
    public static partial void SnapshotReceivedBad(this ILogger logger, SnapshotHash hash, string problem);

    /// <summary>Nothing.</summary>
    [LoggerMessage(133, LogLevel.Debug, "Snapshot {Path} is no longer needed.")]
    public static partial void SnapshotNeedless(this ILogger logger, string path);

    /// <summary>See to the disk: the replica goes on with an older one, or fetches one.</summary>
    [LoggerMessage(134, LogLevel.Error, "Snapshot {Path} cannot be used and is set aside: {Reason}")]
    public static partial void SnapshotBad(this ILogger logger, string path, string reason);

    /// <summary>Nothing.</summary>
    [LoggerMessage(135, LogLevel.Information, "Installed the snapshot at index {Index}, revision {Revision}.")]
    public static partial void InstalledSnapshot(this ILogger logger, long index, ulong revision);

    /// <summary>Look at that replica if it lasts: its disk, its links. The leader gives up its leadership once, which may cure it.</summary>
    [LoggerMessage(136, LogLevel.Warning, "{Replica} stands still at index {Index}.")]
    public static partial void StandsStill(this ILogger logger, string replica, long index);

    /// <summary>Remove and add the replica; see to the disk.</summary>
    [LoggerMessage(137, LogLevel.Error, "{Problem} The files were moved to {Aside}; the replica waits to be removed and added.")]
    public static partial void SetAside(this ILogger logger, string problem, string aside);

    /// <summary>Wait: the replicas compare their states. Nothing is served here until it is decided.</summary>
    [LoggerMessage(140, LogLevel.Error, "{Problem}")]
    public static partial void StateInDoubt(this ILogger logger, string problem);

    /// <summary>Keep the folder `evidence` and report it. The replica mends itself from a peer, unless there is no majority.</summary>
    [LoggerMessage(141, LogLevel.Critical, "{Problem}")]
    public static partial void StateDiverged(this ILogger logger, string problem);

    /// <summary>Nothing.</summary>
    [LoggerMessage(142, LogLevel.Warning, "The state was replaced by another replica's at index {Index}.")]
    public static partial void StateReplaced(this ILogger logger, long index);

    /// <summary>Nothing.</summary>
    [LoggerMessage(143, LogLevel.Warning, "The state is that of a majority; the replica serves again.")]
    public static partial void ServesAgain(this ILogger logger);

    /// <summary>Remove the obstacle: most often a peer that is down.</summary>
    [LoggerMessage(144, LogLevel.Warning, "The state that diverged cannot be replaced yet: {Obstacle}.")]
    public static partial void CannotRebuild(this ILogger logger, string obstacle);

    /// <summary>Nothing, unless it comes again: then report it.</summary>
    [LoggerMessage(145, LogLevel.Warning, "A checkpoint of index {Index} follows index {Applied}: it says nothing.")]
    public static partial void CheckpointOutOfPlace(this ILogger logger, long index, long applied);

    /// <summary>What the health check `not_stopped` says for that code; the process ends with exit code 75.</summary>
    [LoggerMessage(150, LogLevel.Critical, "The replica stops ({Code}): {Message}")]
    public static partial void Stops(this ILogger logger, Exception? problem, string code, string message);

    /// <summary>Nothing: the rest is closed. If it comes again, report it.</summary>
    [LoggerMessage(151, LogLevel.Error, "A part of the replica could not be closed.")]
    public static partial void CannotClose(this ILogger logger, Exception problem);

    /// <summary>Correct the address, or stop what listens there.</summary>
    [LoggerMessage(160, LogLevel.Warning, "{EndPoint} is not the replica that it should be: {Reason}")]
    public static partial void NotTheReplica(this ILogger logger, EndPoint endPoint, string reason);

    /// <summary>See who that is: a replica of another cluster, with another certificate, or a stranger.</summary>
    [LoggerMessage(161, LogLevel.Warning, "A connection from {RemoteEndPoint} was refused: {Reason}")]
    public static partial void RaftConnectionRefused(this ILogger logger, EndPoint? remoteEndPoint, string reason);

    /// <summary>Nothing: it is sent again under the same request ids. If it comes again, report it.</summary>
    [LoggerMessage(162, LogLevel.Warning, "A batch that {Peer} forwarded ended without an outcome.")]
    public static partial void ForwardedBatchFailed(this ILogger logger, Exception problem, PeerIdentity peer);

    /// <summary>Look at the exception if it comes again.</summary>
    [LoggerMessage(163, LogLevel.Warning, "A request of {Peer} failed.")]
    public static partial void PeerRequestFailed(this ILogger logger, Exception problem, PeerIdentity peer);

    /// <summary>See to the limit of open files.</summary>
    [LoggerMessage(164, LogLevel.Warning, "Peers cannot be accepted at {EndPoint}.")]
    public static partial void CannotAcceptPeers(this ILogger logger, Exception problem, EndPoint endPoint);

    /// <summary>See who opens so many; three replicas need a handful.</summary>
    [LoggerMessage(165, LogLevel.Warning, "A connection from {Remote} refused: {Max} are open.")]
    public static partial void TooManyPeers(this ILogger logger, string remote, int max);

    /// <summary>Nothing, if that replica stopped; else see who that is.</summary>
    [LoggerMessage(166, LogLevel.Warning, "The connection from {Remote} ended: {Problem}")]
    public static partial void PeerConnectionEnded(this ILogger logger, string remote, string problem);

    /// <summary>Start that replica, or see to the network.</summary>
    [LoggerMessage(167, LogLevel.Information, "{Peer} cannot be reached: {Problem}")]
    public static partial void PeerUnreachable(this ILogger logger, PeerAddress peer, string problem);
}
