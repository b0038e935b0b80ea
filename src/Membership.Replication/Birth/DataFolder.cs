using System.Text.Json;
using Membership.Replication.Disk;
using Membership.Replication.Log;

namespace Membership.Replication.Birth;

/// <summary>
/// The folder of one replica: held by one process at a time, and checked against the replica's options before any file in it is
/// believed.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string MetaName = "meta";
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream heldLock)
    {
        Path = path;
        _lock = heldLock;
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>Whose folder it is; null while it is empty.</summary>
    public FolderMeta? Meta { get; private set; }

    /// <summary>The folder of the log.</summary>
    public string LogPath => System.IO.Path.Combine(Path, "log");

    /// <summary>The folder of the snapshots.</summary>
    public string SnapshotPath => System.IO.Path.Combine(Path, "snapshots");

    /// <summary>The file of the cluster's configuration.</summary>
    public string ConfigurationFile => System.IO.Path.Combine(Path, "configuration");

    /// <summary>The file that says from when on a replica without a vote may have one.</summary>
    public string AdmissionFile => System.IO.Path.Combine(Path, "admission");

    /// <summary>The file that says that the state here is another than a majority's.</summary>
    public string DivergedFile => System.IO.Path.Combine(Path, "diverged");

    /// <summary>The folder of what such states were.</summary>
    public string EvidencePath => System.IO.Path.Combine(Path, "evidence");

    /// <summary>The file that says where other replicas listen.</summary>
    public string ReplicasFile => System.IO.Path.Combine(Path, "replicas");

    /// <summary>Written and deleted again, to see whether that is possible.</summary>
    public string ProbeFile => System.IO.Path.Combine(Path, "probe");

    /// <summary>Whether a log was ever begun here.</summary>
    public bool HasLog => Directory.Exists(LogPath);

    // Made once the log is. A log that is gone afterwards would pass for one that was never begun, and the replica would vote anew.
    private string LogBegunFile => System.IO.Path.Combine(Path, "log-begun");

    private string RemovedFile => System.IO.Path.Combine(Path, "removed");

    private string MetaFile => System.IO.Path.Combine(Path, MetaName);

    /// <summary>Locks the folder, made if need be, and checks whose it is.</summary>
    /// <exception cref="DataFolderException">The folder is in use, damaged, or someone else's.</exception>
    public static DataFolder Open(MembershipReplicaOptions options)
    {
        var path = System.IO.Path.GetFullPath(options.DataFolder);
        var folder = new DataFolder(path, Lock(path));
        try
        {
            folder.Meta = folder.ReadMeta();
            if (folder.Meta is { } meta) Check(meta, options, path);
            else folder.CheckEmpty();
            folder.CheckLog();
            folder.CheckNotRemoved();
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Gives an empty folder its owner. From now on it is refused to anyone else.</summary>
    public void Found(FolderMeta meta)
    {
        DurableFile.Replace(MetaFile, meta.ToBytes());
        Meta = meta;
    }

    /// <summary>Remembers that the log was begun: from now on the folder is refused without it. Before the first vote.</summary>
    public void NoteLogBegun()
    {
        if (!File.Exists(LogBegunFile)) DurableFile.Replace(LogBegunFile, []);
    }

    /// <summary>Remembers that the cluster goes on without this replica: from now on the folder is refused until it is emptied.</summary>
    public void NoteRemoved() => DurableFile.Replace(RemovedFile, []);

    /// <summary>
    /// Moves everything that a replica without a state cannot use into a folder within, and begins a new life without a vote: what was
    /// there may have been acknowledged.
    /// </summary>
    /// <returns>Where it was moved.</returns>
    public string SetAside()
    {
        var aside = Directory.CreateDirectory(System.IO.Path.Combine(Path, $"lost-{Meta!.Incarnation:x16}")).FullName;
        Found(Meta with { Incarnation = Founding.NewIncarnation(), Founders = null });
        // What gives a vote goes first and the snapshots last: a kill in between leaves either no vote or snapshots that are lost once more.
        foreach (var path in new[] { ConfigurationFile, AdmissionFile, LogBegunFile, LogPath, SnapshotPath }.Where(System.IO.Path.Exists))
        {
            Directory.Move(path, System.IO.Path.Combine(aside, System.IO.Path.GetFileName(path)));
            DurableFile.FlushFolder(Path);
        }

        return aside;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return new(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException(
                DataFolderProblem.Locked, path, "another process has it open, or it cannot be written. Stop that process first.", e);
        }
    }

    private static void Check(FolderMeta meta, MembershipReplicaOptions options, string path)
    {
        if (meta.Format > FolderMeta.Newest)
        {
            throw new DataFolderException(
                DataFolderProblem.NewerFormat, path, $"it has format {meta.Format}, this library knows up to {FolderMeta.Newest}. Use a newer one.");
        }

        if (meta.ClusterId != options.ClusterId)
        {
            throw new DataFolderException(
                DataFolderProblem.OtherCluster, path, $"it belongs to cluster '{meta.ClusterId}', not to '{options.ClusterId}'.");
        }

        if (meta.ReplicaId != options.ReplicaId)
        {
            throw new DataFolderException(
                DataFolderProblem.OtherReplica, path, $"it belongs to replica '{meta.ReplicaId}', not to '{options.ReplicaId}'.");
        }

        if (meta.SecretId != options.SecretId)
        {
            throw new DataFolderException(
                DataFolderProblem.OtherSecret,
                path,
                $"it was made with the cluster secret '{meta.SecretId}', the replica was given '{options.SecretId}'.");
        }
    }

    private FolderMeta? ReadMeta()
    {
        if (!File.Exists(MetaFile)) return null;
        try
        {
            return FolderMeta.Parse(File.ReadAllBytes(MetaFile));
        }
        catch (JsonException e)
        {
            throw new DataFolderException(DataFolderProblem.Damaged, Path, $"its file '{MetaName}' cannot be read: {e.Message}", e);
        }
    }

    private void CheckEmpty()
    {
        if (!HasLog && !File.Exists(ConfigurationFile) && !Directory.Exists(SnapshotPath)) return;
        throw new DataFolderException(
            DataFolderProblem.Damaged, Path, $"it holds a replica's files, but its file '{MetaName}' is missing, so that nobody knows whose.");
    }

    private void CheckLog()
    {
        if (!File.Exists(LogBegunFile) || LogFolder.IsBegun(LogPath)) return;
        throw new DataFolderException(
            DataFolderProblem.Damaged, Path, "its log is gone, and with it how the replica voted and what it acknowledged. Empty the folder, then remove and add the replica.");
    }

    private void CheckNotRemoved()
    {
        if (!File.Exists(RemovedFile)) return;
        throw new DataFolderException(
            DataFolderProblem.Removed, Path, "the cluster has removed this replica and goes on without it. Empty the folder before the replica is added anew.");
    }
}
