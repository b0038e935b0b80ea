namespace Membership.Replication;

/// <summary>Why a replica refuses a data folder.</summary>
public enum DataFolderProblem
{
    /// <summary><c>folder_other_cluster</c>: the folder belongs to a replica of another cluster.</summary>
    OtherCluster,

    /// <summary><c>folder_other_replica</c>: the folder belongs to another replica of this cluster.</summary>
    OtherReplica,

    /// <summary><c>folder_other_secret</c>: the folder was made with another cluster secret.</summary>
    OtherSecret,

    /// <summary><c>folder_newer_format</c>: a newer version of the library wrote the folder.</summary>
    NewerFormat,

    /// <summary><c>folder_damaged</c>: the folder holds files of a replica, but not the one that says whose they are, or it cannot be read.</summary>
    Damaged,

    /// <summary><c>folder_empty</c>: the folder is empty, the replica is the only one of its cluster, and nobody said <c>Bootstrap</c>.</summary>
    Empty,

    /// <summary><c>folder_locked</c>: another process has the folder open.</summary>
    Locked,

    /// <summary><c>folder_removed</c>: the cluster has removed the replica, and told it so.</summary>
    Removed,

    /// <summary><c>folder_unfinished</c>: a restore or a recovery into the folder was cut short; the same command finishes it.</summary>
    Unfinished,
}
