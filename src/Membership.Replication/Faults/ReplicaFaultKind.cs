namespace Membership.Replication;

/// <summary>Why a replica stopped for good.</summary>
public enum ReplicaFaultKind
{
    /// <summary><c>unsupported_format</c>: the log or a snapshot holds what only a newer library knows. Start again with that one.</summary>
    UnsupportedFormat,

    /// <summary><c>log_failed</c>: the log cannot be read or written.</summary>
    LogFailed,

    /// <summary><c>disk_slow</c>: a write has been on its way to the disk for longer than two election timeouts.</summary>
    DiskSlow,

    /// <summary><c>disk_full</c>: there is no room for the log or a snapshot. Make room, then start again.</summary>
    DiskFull,

    /// <summary><c>snapshot_failed</c>: a snapshot cannot be written.</summary>
    SnapshotFailed,

    /// <summary><c>apply_failed</c>: the state machine threw. A defect: report it, with the log.</summary>
    ApplyFailed,

    /// <summary><c>removed</c>: the cluster goes on without this replica.</summary>
    Removed,

    /// <summary><c>internal_error</c>: a part of the replica failed that must not. A defect: report it.</summary>
    Internal,
}
