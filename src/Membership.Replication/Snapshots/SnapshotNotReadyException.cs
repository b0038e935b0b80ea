namespace Membership.Replication.Snapshots;

/// <summary>The snapshot that the leader points to is not here yet. It fails the leader's request and nothing else; the leader repeats it.</summary>
internal sealed class SnapshotNotReadyException(string message, Exception? innerException = null) : Exception(message, innerException);
