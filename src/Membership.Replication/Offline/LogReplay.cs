using System.Buffers;
using System.Collections.Immutable;
using Membership.Replication.Snapshots;
using Membership.Snapshots;
using Membership.State;

namespace Membership.Replication.Offline;

/// <summary>Applies the log to a snapshot, up to a revision.</summary>
internal sealed class LogReplay(OfflineReplica replica, ulong? until)
{
    private readonly ImmutableArray<string>.Builder _damaged = ImmutableArray.CreateBuilder<string>();
    private MembershipStore _store = null!;
    private string? _snapshot;
    private long _entries;
    private int _checkpoints;
    private long? _mismatch;
    private bool _isWholeEntry = true;

    private bool IsDone => until is { } revision && _store.Revision >= revision;

    public Replay Run(IProgress<double>? progress)
    {
        _store = new(FindBeginning());
        var beginning = _store.AppliedIndex;
        if (!IsDone)
        {
            foreach (var entry in replica.ReadLog(beginning + 1))
            {
                Apply(entry);
                replica.Report(progress, entry.Index, beginning);
                if (IsDone) break;
            }
        }

        var state = _store.Current;
        if (state.Revision < until)
        {
            throw new OfflineException(
                OfflineProblem.RevisionAhead, $"'{replica.Folder}' holds revisions up to {state.Revision}, not {until}.");
        }

        return new(state, _snapshot, _entries)
        {
            IsWholeEntry = _isWholeEntry,
            IsKnownCommitted = state.AppliedIndex <= Math.Max(replica.Log.CommitIndex, replica.PublishedIndex),
            CheckpointCount = _checkpoints,
            MismatchIndex = _mismatch,
            Damaged = _damaged.DrainToImmutable(),
        };
    }

    // The newest snapshot that is good, not behind the revision, and that the log goes on from.
    private MembershipState FindBeginning()
    {
        ulong? oldest = null;
        foreach (var file in SnapshotsNewestFirst())
        {
            try
            {
                var header = ReadHeader(file);
                oldest = header.Revision;
                if (header.Revision > until) continue;
                _snapshot = file.Path;
                return file.Load(replica.ClusterId, Limits.Production).State;
            }
            catch (Exception e) when (e is InvalidDataException or SnapshotFormatException)
            {
                _damaged.Add($"'{file.Path}': {e.Message}");
            }
        }

        _snapshot = null;
        if (replica.PublishedIndex == 0) return MembershipState.Founded(replica.ClusterId);
        throw oldest is null
            ? new OfflineException(OfflineProblem.SnapshotDamaged, $"The log begins after index {replica.PublishedIndex}, and no snapshot can be read. {string.Join("; ", _damaged)}")
            : new OfflineException(OfflineProblem.RevisionGone, $"'{replica.Folder}' reaches back to revision {oldest}, not to {until}.");
    }

    private IEnumerable<SnapshotFile> SnapshotsNewestFirst()
    {
        var folder = new DirectoryInfo(replica.Layout.SnapshotPath);
        if (!folder.Exists) return [];
        return folder.EnumerateFiles("*" + SnapshotFile.Extension)
            .Select(SnapshotFile.TryOpen)
            .OfType<SnapshotFile>()
            .Where(file => file.Index >= replica.PublishedIndex)
            .OrderByDescending(file => file.Index);
    }

    private static SnapshotHeader ReadHeader(SnapshotFile file)
    {
        // First, so that a damaged byte never passes for a newer format.
        file.Verify();
        using var stream = File.OpenRead(file.Path);
        return SnapshotReader.ReadHeader(stream);
    }

    private void Apply(StoredEntry entry)
    {
        if (entry.Kind is StoredEntryKind.Configuration or StoredEntryKind.Empty) return;
        _entries++;

        // To look back at the state before an entry costs a copy of what the entry changes: only where the entry may go too far.
        var mayGoTooFar = _store.Revision + (ulong)Limits.Production.EntryMutationsMax + 1 > until;
        var before = mayGoTooFar ? _store.Current : null;
        var index = _store.AppliedIndex;
        var applied = _store.Apply(entry.Index, entry.Term, new(entry.Payload));
        if (applied.Checkpoint is { } checkpoint && checkpoint.Index == index) Compare(entry.Index, checkpoint);
        if (before is not null && _store.Revision > until) ApplyPart(before, entry);
    }

    private void Compare(long index, StateCheckpoint checkpoint)
    {
        _checkpoints++;
        if (checkpoint.Digest != _store.Summary.Digest) _mismatch ??= index;
    }

    // An entry gives each of its mutations a revision, and before them one to the sweep if there was something to sweep.
    private void ApplyPart(MembershipState before, StoredEntry entry)
    {
        var mutations = entry.Content!.Mutations;
        var swept = _store.Revision - before.Revision - (ulong)mutations.Length;
        var kept = (int)(until!.Value - before.Revision - swept);
        var part = new ArrayBufferWriter<byte>(entry.Payload.Length);
        EntryFormat.Write(part, entry.Content.Time!.Value, [.. mutations.Take(kept).Select(mutation => mutation.Encoded)]);
        _store = new(before);
        _store.Apply(entry.Index, entry.Term, new(part.WrittenMemory));
        _isWholeEntry = false;
    }
}
