namespace Membership.Replication.Offline;

/// <summary>Why a data folder or a snapshot file cannot be read, founded or recovered while no replica runs on it.</summary>
public enum OfflineProblem
{
    /// <summary><c>folder_missing</c>: there is no such folder.</summary>
    FolderMissing,

    /// <summary><c>folder_empty</c>: no replica was ever started on the folder, or nothing was ever applied there.</summary>
    FolderEmpty,

    /// <summary><c>folder_not_empty</c>: a replica's files are in the folder that a new one was to have.</summary>
    FolderNotEmpty,

    /// <summary><c>folder_locked</c>: a process has the folder open.</summary>
    FolderLocked,

    /// <summary><c>folder_damaged</c>: it cannot be told whose folder it is, or where its replica listened.</summary>
    FolderDamaged,

    /// <summary><c>folder_unfinished</c>: a restore or a recovery into the folder was begun and not finished. The same command finishes it.</summary>
    FolderUnfinished,

    /// <summary><c>folder_removed</c>: the cluster has removed the replica and gone on without it.</summary>
    FolderRemoved,

    /// <summary><c>folder_diverged</c>: the state in the folder is another than a majority's was.</summary>
    FolderDiverged,

    /// <summary><c>log_damaged</c>: a file of the log is missing or damaged.</summary>
    LogDamaged,

    /// <summary><c>snapshot_damaged</c>: a snapshot file is not whole, not what its checksums say, or no snapshot.</summary>
    SnapshotDamaged,

    /// <summary><c>newer_format</c>: a newer version of the library wrote it.</summary>
    NewerFormat,

    /// <summary><c>revision_gone</c>: what is on the disk does not reach back to the revision.</summary>
    RevisionGone,

    /// <summary><c>revision_ahead</c>: what is on the disk ends before the revision.</summary>
    RevisionAhead,

    /// <summary><c>io_failed</c>: a file cannot be read or written; the message says why.</summary>
    IoFailed,
}
