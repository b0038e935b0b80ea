using System.Text.Json;
using Membership.Audit;
using Membership.Queries;
using Membership.Replication.Birth;
using Membership.Replication.Log;
using Membership.Replication.Snapshots;
using Membership.State;

namespace Membership.Replication.Offline;

/// <summary>
/// The data folder of a replica that does not run, to be looked at: nothing in it is changed. While it is open no replica can start on it.
/// </summary>
/// <remarks>One thread at a time.</remarks>
public sealed class OfflineReplica : IDisposable
{
    private readonly IDisposable? _lock;
    private readonly FolderMeta _meta;
    private readonly LogExtent _extent;
    private readonly LogContent? _log;

    private OfflineReplica(DataFolderLayout layout, FolderMeta meta, IDisposable? heldLock)
    {
        Layout = layout;
        _meta = meta;
        _lock = heldLock;
        PublishedIndex = Directory.Exists(layout.SnapshotPath) ? new PublishedMark(layout.SnapshotPath).Index : 0;
        if (LogFolder.IsBegun(layout.LogPath) || File.Exists(layout.LogBegunFile)) (_extent, _log) = LogFolder.Look(layout.LogPath);
    }

    /// <summary>The full path.</summary>
    public string Folder => Layout.Path;

    /// <summary>The cluster.</summary>
    public string ClusterId => _meta.ClusterId;

    /// <summary>The replica within it.</summary>
    public string ReplicaId => _meta.ReplicaId;

    /// <summary>The cluster secret by which the tokens within were made, by its public name; null for none.</summary>
    public string? SecretId => _meta.SecretId;

    /// <summary>Which life of the replica this is, drawn at its birth.</summary>
    public ulong Incarnation => _meta.Incarnation;

    /// <summary>Whether the cluster has removed the replica.</summary>
    public bool IsRemoved => File.Exists(Layout.RemovedFile);

    /// <summary>Whether the state here was found to be another than a majority's.</summary>
    public bool HasDiverged => File.Exists(Layout.DivergedFile);

    /// <summary>How far the log reaches, by its own word: <see cref="VerifyLog"/> looks at the entries.</summary>
    public LogSummary Log => new(
        PublishedIndex + 1, Math.Max(PublishedIndex, _extent.LastIndex), Math.Max(PublishedIndex, _extent.CommitIndex), _extent.IsTorn, _extent.Term);

    internal DataFolderLayout Layout { get; }

    /// <summary>The log begins after this index.</summary>
    internal long PublishedIndex { get; }

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The data folder, or a copy of one.</param>
    /// <exception cref="OfflineException">
    /// The folder is missing, empty, damaged, in use, of a newer format, or a recovery in it is unfinished; or the log's own small files are
    /// damaged.
    /// </exception>
    public static OfflineReplica Open(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return OfflineException.Guard(() =>
        {
            var layout = new DataFolderLayout(Path.GetFullPath(folder));
            if (!Directory.Exists(layout.Path)) throw new OfflineException(OfflineProblem.FolderMissing, $"There is no folder '{layout.Path}'.");
            var heldLock = TakeLock(layout);
            try
            {
                return Open(layout, heldLock);
            }
            catch
            {
                heldLock?.Dispose();
                throw;
            }
        });
    }

    /// <summary>Opens a folder whose lock is held, by its owner or by <paramref name="heldLock"/>, which then goes with it.</summary>
    internal static OfflineReplica Open(DataFolderLayout layout, IDisposable? heldLock = null)
    {
        if (Directory.Exists(layout.UnfinishedPath))
        {
            throw new OfflineException(
                OfflineProblem.FolderUnfinished, $"A restore or a recovery into '{layout.Path}' was begun and not finished.");
        }

        return new(layout, ReadMeta(layout), heldLock);
    }

    /// <summary>Goes through the entries of the log, each one checked before it is handed out.</summary>
    /// <param name="from">The first index; entries before <see cref="LogSummary.FirstIndex"/> are gone.</param>
    /// <param name="to">The last index.</param>
    /// <exception cref="OfflineException"><see cref="OfflineProblem.LogDamaged"/>, when it comes to the damage.</exception>
    public IEnumerable<StoredEntry> ReadLog(long from = 1, long to = long.MaxValue)
    {
        if (_log is null) yield break;
        if (_log.Damage is null && _log.BeginsBehind(PublishedIndex) is { } gap) OfflineException.Guard<StoredEntry>(() => throw gap);
        for (var index = Math.Max(from, PublishedIndex + 1); index <= to && _log.Entries[index] is { } entry; index++)
            yield return OfflineException.Guard(() => Describe(entry));
        if (_log.Damage is { } damage && to > _extent.LastIndex) OfflineException.Guard<StoredEntry>(() => throw damage);
    }

    /// <summary>Checks every entry: its hash, its order, its form; and that the log goes on from the snapshot.</summary>
    /// <param name="progress">Hears how much of 1 is done.</param>
    /// <exception cref="OfflineException">The first damage that was found.</exception>
    public LogSummary VerifyLog(IProgress<double>? progress = null)
    {
        var lastTerm = 0L;
        foreach (var entry in ReadLog())
        {
            lastTerm = entry.Term;
            Report(progress, entry.Index, PublishedIndex);
        }

        if (_extent.Term < lastTerm)
        {
            throw new OfflineException(
                OfflineProblem.LogDamaged, $"The vote is of term {_extent.Term}, but the log has an entry of term {lastTerm}: '{Layout.LogPath}'.");
        }

        return Log;
    }

    /// <summary>Makes the state of a revision out of a snapshot and the log.</summary>
    /// <param name="revision">Which; null for the last one, entries that were not known to be committed included.</param>
    /// <param name="progress">Hears how much of 1 is done.</param>
    /// <exception cref="OfflineException">
    /// <see cref="OfflineProblem.RevisionGone"/>, <see cref="OfflineProblem.RevisionAhead"/>, or what is damaged.
    /// </exception>
    public Replay Replay(ulong? revision = null, IProgress<double>? progress = null) =>
        OfflineException.Guard(() => new LogReplay(this, revision).Run(progress));

    /// <summary>What changed after one revision and up to another: the audit records of it.</summary>
    /// <param name="after">The revision before the first change.</param>
    /// <param name="upTo">The revision of the last change; not below <paramref name="after"/>.</param>
    /// <param name="progress">Hears how much of 1 is done.</param>
    /// <exception cref="OfflineException">As <see cref="Replay"/>.</exception>
    public StateDifference Compare(ulong after, ulong upTo, IProgress<double>? progress = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(after, upTo);
        var state = Replay(upTo, progress).State;
        var found = new Viewer(state, Actor.Admin()).GetAudit(new() { FromRevision = after + 1 });
        if (!found.IsOk)
        {
            throw new OfflineException(
                OfflineProblem.RevisionGone, $"At revision {upTo} audit records before revision {found.Answer?.OldestRevision} were gone.");
        }

        return new(after, state, found.Answer!.Records);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock?.Dispose();

    /// <summary>Tells how much of the log lies behind, of what lies after an index.</summary>
    internal void Report(IProgress<double>? progress, long index, long after) => progress?.Report((double)(index - after) / Math.Max(1, _extent.LastIndex - after));

    private static StoredEntry Describe(LogEntry entry)
    {
        if (entry.IsConfiguration) return new(entry.Index, entry.Term, StoredEntryKind.Configuration, entry.Payload, null);
        if (entry.CommandId is null) return new(entry.Index, entry.Term, StoredEntryKind.Empty, entry.Payload, null);
        if (entry.CommandId != Hosting.StateMachineHost.EntryId)
            throw new UnsupportedFormatException("log entry's kind", (ulong)entry.CommandId, Hosting.StateMachineHost.EntryId);
        var content = EntryContent.Read(entry.Payload);
        return new(entry.Index, entry.Term, KindOf(content), entry.Payload, content);
    }

    private static StoredEntryKind KindOf(EntryContent? content) => content switch
    {
        null => StoredEntryKind.Unreadable,
        { Checkpoint: not null } => StoredEntryKind.Checkpoint,
        { StateVersion: not null } => StoredEntryKind.StateVersion,
        _ => StoredEntryKind.Mutations,
    };

    private static FolderMeta ReadMeta(DataFolderLayout layout)
    {
        if (!File.Exists(layout.MetaFile))
        {
            throw layout.IsEmpty
                ? new OfflineException(OfflineProblem.FolderEmpty, $"No replica was ever started on '{layout.Path}'.")
                : new OfflineException(OfflineProblem.FolderDamaged, $"'{layout.MetaFile}' is missing, so that nobody knows whose folder it is.");
        }

        try
        {
            var meta = FolderMeta.Parse(File.ReadAllBytes(layout.MetaFile));
            if (meta.Format > FolderMeta.Newest) throw new UnsupportedFormatException("data folder", (ulong)meta.Format, FolderMeta.Newest);
            return MembershipState.IsClusterId(meta.ClusterId) && MembershipState.IsClusterId(meta.ReplicaId) ? meta : throw new JsonException("an id is none");
        }
        catch (JsonException e)
        {
            throw new OfflineException(OfflineProblem.FolderDamaged, $"'{layout.MetaFile}' cannot be read: {e.Message}", e);
        }
    }

    // Taken for reading, so that a folder on a medium that cannot be written can be looked at, too. A copy may come without the file.
    private static FileStream? TakeLock(DataFolderLayout layout)
    {
        if (!File.Exists(layout.LockFile)) return null;
        try
        {
            return new(layout.LockFile, FileMode.Open, FileAccess.Read, FileShare.None);
        }
        catch (IOException e)
        {
            throw new OfflineException(OfflineProblem.FolderLocked, $"A process has '{layout.Path}' open.", e);
        }
    }
}
