using System.Net;
using Membership.Replication.Disk;
using Membership.Replication.Hosting;
using Membership.Replication.Peers;
using Membership.Replication.Transport;

namespace Membership.Replication;

/// <summary>How one replica runs. Read once, when the replica starts.</summary>
public sealed class MembershipReplicaOptions
{
    /// <summary>The cluster: 1 to 64 of <c>a-z 0-9 -</c>. Fixed for the life of the data folder.</summary>
    public string ClusterId { get; set; } = "";

    /// <summary>This replica: 1 to 64 of <c>a-z 0-9 -</c>, one of <see cref="Replicas"/>. Fixed for the life of the data folder.</summary>
    public string ReplicaId { get; set; } = "";

    /// <summary>Where the log, the snapshots and the vote are. One replica, one folder, one process at a time.</summary>
    public string DataFolder { get; set; } = "";

    /// <summary>
    /// The replicas to begin with, this one among them: one to seven. One or three found the cluster under <see cref="Bootstrap"/>. Later
    /// who votes stands in the data folder, with the addresses of all that were added since; a replica that is to be added needs one other
    /// in its list, whoever it is.
    /// </summary>
    public IList<ReplicaAddress> Replicas { get; } = [];

    /// <summary>Where to listen for Raft; null for this replica's own address in <see cref="Replicas"/>.</summary>
    public IPEndPoint? RaftListenEndPoint { get; set; }

    /// <summary>Where to listen for the peer channel; null for this replica's own address in <see cref="Replicas"/>.</summary>
    public IPEndPoint? PeerListenEndPoint { get; set; }

    /// <summary>
    /// Makes a new cluster of <see cref="Replicas"/> when the data folder is empty and no other replica knows of a change in it. To be
    /// given once, to all first replicas. A replica with an empty folder and without it waits to be added.
    /// </summary>
    public bool Bootstrap { get; set; }

    /// <summary>Which cluster secret is in use, by a name that says nothing about it; null for none. Fixed for the life of the data folder.</summary>
    public string? SecretId { get; set; }

    /// <summary>Mutual TLS between replicas; null for none.</summary>
    public ReplicaTls? Tls { get; set; }

    /// <summary>Lets a replica without TLS listen beyond this machine. For networks that are private by other means.</summary>
    public bool AllowPlaintextBeyondLoopback { get; set; }

    /// <summary>The shortest time without a word from the leader after which a follower stands for election, in ms: 50 and more.</summary>
    public int ElectionTimeoutMinMs { get; set; } = 300;

    /// <summary>The longest such time, in ms: above <see cref="ElectionTimeoutMinMs"/>.</summary>
    public int ElectionTimeoutMaxMs { get; set; } = 600;

    /// <summary>The leader speaks every so many parts of <see cref="ElectionTimeoutMinMs"/>: above 0, below 1.</summary>
    public double HeartbeatThreshold { get; set; } = 0.3;

    /// <summary>
    /// How long one Raft request may take, a follower's fsync included, in ms; null for <see cref="ElectionTimeoutMinMs"/>, which is also
    /// the most: a longer one delays elections while a peer is silent.
    /// </summary>
    public int? RequestTimeoutMs { get; set; }

    /// <summary>How long <see cref="MembershipReplica.ProposeAsync(Proposal, CancellationToken)"/> and a confirmed read try, in ms: 100 to 60 000.</summary>
    public int RequestLimitMs { get; set; } = 10_000;

    /// <summary>
    /// Proposals that may wait on the leader; above it the answer is <see cref="Code.Overloaded"/> at once. Of the last half of it no network
    /// gets more than half.
    /// </summary>
    public int QueueLengthMax { get; set; } = 65_536;

    /// <summary>A snapshot is taken whenever the log grew by so many bytes: 64 KiB and more.</summary>
    public long SnapshotBytes { get; set; } = 64L << 20;

    /// <summary>
    /// The leader has the states compared after so many log entries, 1 and more, and once a minute while there are changes. Until then a
    /// replica whose state is another than the others' may go unnoticed.
    /// </summary>
    public int CheckpointEntries { get; set; } = 1_024;

    /// <summary>So many of the last events are held for those who watch, 1 and more; who falls behind them hears that they are gone.</summary>
    public int WatchEventsMax { get; set; } = 65_536;

    /// <summary>The events that are held for those who watch take at most about so many bytes, 64 KiB and more.</summary>
    public long WatchBytesMax { get; set; } = 32L << 20;

    /// <summary>How far this replica's clock may be from those of a majority while it leads, in ms.</summary>
    /// <remarks>Source: command specification, 2.3. Tests alone have a reason to change it.</remarks>
    public int ClockSkewMaxMs { get; set; } = 5_000;

    /// <summary>
    /// How long a leader that is stopped tries to give leadership to another one first, in ms: 0, not at all, to 60 000; null for
    /// <see cref="ElectionTimeoutMaxMs"/>, as an election takes no longer.
    /// </summary>
    public int? HandOverLimitMs { get; set; }

    /// <summary>A replica that has not applied more than so many entries that it knows to be committed is not ready, 1 and more.</summary>
    public int ReadyLagMax { get; set; } = 1_024;

    /// <summary>Stands in for the network in tests.</summary>
    internal ILinkFaults? LinkFaults { get; set; }

    /// <summary>Faults of the log's disk, for tests.</summary>
    internal DiskFaults? DiskFaults { get; set; }

    /// <summary>The limits of the state machine; tests pass smaller ones.</summary>
    internal Limits Limits { get; set; } = Limits.Production;

    /// <summary>How often the leader of an idle cluster moves cluster time, in ms.</summary>
    internal int ClockEntryPeriodMs { get; set; } = 60_000;

    /// <summary>The longest time without a checkpoint while there are changes, in ms.</summary>
    internal int CheckpointPeriodMs { get; set; } = 60_000;

    /// <summary>This replica's own address.</summary>
    internal ReplicaAddress Self => Replicas.First(replica => replica.Id == ReplicaId);

    /// <summary>Where it listens for Raft.</summary>
    internal IPEndPoint RaftListen => RaftListenEndPoint ?? (IPEndPoint)Self.RaftEndPoint;

    /// <summary>Where it listens for the peer channel.</summary>
    internal IPEndPoint PeerListen => PeerListenEndPoint ?? (IPEndPoint)Self.PeerEndPoint;

    /// <summary>How long one Raft request may take.</summary>
    internal TimeSpan RequestTimeout => TimeSpan.FromMilliseconds(RequestTimeoutMs ?? ElectionTimeoutMinMs);

    /// <summary>
    /// How long one attempt at a leader may take. A leader that is silent costs a caller this much and not all of its time: by then there
    /// is another one, and the next attempt goes there under the same request id.
    /// </summary>
    internal TimeSpan ForwardLimit => TimeSpan.FromMilliseconds(Math.Min(RequestLimitMs, 4 * ElectionTimeoutMaxMs));

    /// <summary>How long a proposal or a confirmed read tries.</summary>
    internal TimeSpan RequestLimit => TimeSpan.FromMilliseconds(RequestLimitMs);

    /// <summary>For how long a leader that is stopped tries to give leadership away.</summary>
    internal TimeSpan HandOverLimit => TimeSpan.FromMilliseconds(HandOverLimitMs ?? ElectionTimeoutMaxMs);

    /// <summary>Checks every option against its range and against the others.</summary>
    /// <exception cref="ArgumentException">Says which options are wrong, what they are and what they should be.</exception>
    internal void Validate()
    {
        var problems = ReplicaOptionRules.FindProblems(this).ToArray();
        if (problems.Length > 0) throw new ArgumentException(string.Join(' ', problems));
    }
}
