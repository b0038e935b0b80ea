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
    private readonly FileStream _lock;

    private readonly DataFolderLayout _layout;

    private DataFolder(DataFolderLayout layout, FileStream heldLock)
    {
        _layout = layout;
        _lock = heldLock;
    }

    /// <summary>The full path.</summary>
    public string Path => _layout.Path;

    /// <summary>Whose folder it is; null while it is empty.</summary>
    public FolderMeta? Meta { get; private set; }

    /// <inheritdoc cref="DataFolderLayout.LogPath"/>
    public string LogPath => _layout.LogPath;

    /// <inheritdoc cref="DataFolderLayout.SnapshotPath"/>
    public string SnapshotPath => _layout.SnapshotPath;

    /// <inheritdoc cref="DataFolderLayout.ConfigurationFile"/>
    public string ConfigurationFile => _layout.ConfigurationFile;

    /// <inheritdoc cref="DataFolderLayout.AdmissionFile"/>
    public string AdmissionFile => _layout.AdmissionFile;

    /// <inheritdoc cref="DataFolderLayout.DivergedFile"/>
    public string DivergedFile => _layout.DivergedFile;

    /// <inheritdoc cref="DataFolderLayout.EvidencePath"/>
    public string EvidencePath => _layout.EvidencePath;

    /// <inheritdoc cref="DataFolderLayout.ReplicasFile"/>
    public string ReplicasFile => _layout.ReplicasFile;

    /// <summary>Written and deleted again, to see whether that is possible.</summary>
    public string ProbeFile => System.IO.Path.Combine(Path, "probe");

    /// <summary>Whether a log was ever begun here.</summary>
    public bool HasLog => Directory.Exists(LogPath);

    /// <summary>Locks the folder, made if need be, and checks whose it is.</summary>
    /// <exception cref="DataFolderException">The folder is in use, damaged, or someone else's.</exception>
    public static DataFolder Open(MembershipReplicaOptions options)
    {
        var layout = new DataFolderLayout(System.IO.Path.GetFullPath(options.DataFolder));
        var folder = new DataFolder(layout, Lock(layout));
        try
        {
            folder.CheckFinished();
            folder.Meta = folder.ReadMeta();
            if (folder.Meta is { } meta) Check(meta, options, layout.Path);
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
        DurableFile.Replace(_layout.MetaFile, meta.ToBytes());
        Meta = meta;
    }

    /// <summary>Remembers that the log was begun: from now on the folder is refused without it. Before the first vote.</summary>
    public void NoteLogBegun()
    {
        if (!File.Exists(_layout.LogBegunFile)) DurableFile.Replace(_layout.LogBegunFile, []);
    }

    /// <summary>Remembers that the cluster goes on without this replica: from now on the folder is refused until it is emptied.</summary>
    public void NoteRemoved() => DurableFile.Replace(_layout.RemovedFile, []);

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
        foreach (var path in new[] { ConfigurationFile, AdmissionFile, _layout.LogBegunFile, LogPath, SnapshotPath }.Where(System.IO.Path.Exists))
        {
            Directory.Move(path, System.IO.Path.Combine(aside, System.IO.Path.GetFileName(path)));
            DurableFile.FlushFolder(Path);
        }

        return aside;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    /// <summary>Takes a folder for this process, made if need be.</summary>
    /// <exception cref="DataFolderException">Another process has it.</exception>
    public static FileStream Lock(DataFolderLayout layout)
    {
        try
        {
            Directory.CreateDirectory(layout.Path);
            return new(layout.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFolderException(
                DataFolderProblem.Locked, layout.Path, "another process has it open, or it cannot be written. Stop that process first.", e);
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
        if (!File.Exists(_layout.MetaFile)) return null;
        try
        {
            return FolderMeta.Parse(File.ReadAllBytes(_layout.MetaFile));
        }
        catch (JsonException e)
        {
            throw new DataFolderException(DataFolderProblem.Damaged, Path, $"its file 'meta' cannot be read: {e.Message}", e);
        }
    }

    private void CheckFinished()
    {
        if (!Directory.Exists(_layout.UnfinishedPath)) return;
        throw new DataFolderException(
            DataFolderProblem.Unfinished, Path, "a restore or a recovery into it was begun and not finished. Give the same command again.");
    }

    private void CheckEmpty()
    {
        if (_layout.IsEmpty) return;
        throw new DataFolderException(
            DataFolderProblem.Damaged, Path, $"it holds a replica's files, but its file 'meta' is missing, so that nobody knows whose.");
    }

    private void CheckLog()
    {
        if (!File.Exists(_layout.LogBegunFile) || LogFolder.IsBegun(LogPath)) return;
        throw new DataFolderException(
            DataFolderProblem.Damaged, Path, "its log is gone, and with it how the replica voted and what it acknowledged. Empty the folder, then remove and add the replica.");
    }

    private void CheckNotRemoved()
    {
        if (!File.Exists(_layout.RemovedFile)) return;
        throw new DataFolderException(
            DataFolderProblem.Removed, Path, "the cluster has removed this replica and goes on without it. Empty the folder before the replica is added anew.");
    }
}
