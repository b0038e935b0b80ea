namespace Membership.Replication.Birth;

/// <summary>What is where in a data folder.</summary>
/// <param name="Path">The full path of the folder.</param>
internal sealed record DataFolderLayout(string Path)
{
    /// <summary>The file that a process holds as long as it uses the folder.</summary>
    public string LockFile => In("lock");

    /// <summary>Whose folder it is.</summary>
    public string MetaFile => In("meta");

    /// <summary>The folder of the log.</summary>
    public string LogPath => In("log");

    /// <summary>Made once the log is. A log that is gone afterwards would pass for one that was never begun, and the replica would vote anew.</summary>
    public string LogBegunFile => In("log-begun");

    /// <summary>The folder of the snapshots.</summary>
    public string SnapshotPath => In("snapshots");

    /// <summary>The file of the cluster's configuration.</summary>
    public string ConfigurationFile => In("configuration");

    /// <summary>The file that says from when on a replica without a vote may have one.</summary>
    public string AdmissionFile => In("admission");

    /// <summary>The file that says that the state here is another than a majority's.</summary>
    public string DivergedFile => In("diverged");

    /// <summary>The folder of what such states were.</summary>
    public string EvidencePath => In("evidence");

    /// <summary>The file that says where other replicas listen.</summary>
    public string ReplicasFile => In("replicas");

    /// <summary>The file that says that the cluster has removed the replica.</summary>
    public string RemovedFile => In("removed");

    /// <summary>The folder of what a restore or a recovery is still to put in its place.</summary>
    public string UnfinishedPath => In("founded");

    /// <summary>Whether there is none of a replica's files.</summary>
    public bool IsEmpty => !new[] { MetaFile, LogPath, ConfigurationFile, SnapshotPath }.Any(System.IO.Path.Exists);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
