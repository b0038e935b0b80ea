namespace Membership.Protocol.Requests;

/// <summary><c>status</c>.</summary>
public sealed record GetStatus : Query;

/// <summary>A command for operators.</summary>
public abstract record OperatorCommand : Query
{
    /// <inheritdoc/>
    public override Credential Credential => Credential.Admin;
}

/// <summary><c>cluster_status</c>.</summary>
public sealed record ClusterStatus : OperatorCommand;

/// <summary><c>cluster_add</c>.</summary>
/// <param name="Replica">The replica's id.</param>
/// <param name="RaftAddress">Where it listens for Raft, as <c>host:port</c>.</param>
/// <param name="PeerAddress">Where it listens for the peer channel, as <c>host:port</c>.</param>
public sealed record ClusterAdd(string Replica, string RaftAddress, string PeerAddress) : OperatorCommand;

/// <summary><c>cluster_remove</c>.</summary>
/// <param name="Replica">The replica's id.</param>
public sealed record ClusterRemove(string Replica) : OperatorCommand;

/// <summary><c>cluster_transfer</c>: gives leadership away.</summary>
/// <param name="Replica">To whom; null for any other.</param>
public sealed record ClusterTransfer(string? Replica) : OperatorCommand;

/// <summary><c>snapshot_read</c>: a piece of a snapshot file.</summary>
/// <param name="Index">The log index of the snapshot; null for the newest.</param>
/// <param name="Offset">From this byte.</param>
/// <param name="Length">So many bytes: 1 to 1 MiB.</param>
public sealed record SnapshotRead(ulong? Index, ulong Offset, int Length) : OperatorCommand
{
    /// <summary>The most that one piece holds, in bytes: 1 MiB.</summary>
    public const int LengthMax = 1024 * 1024;
}
