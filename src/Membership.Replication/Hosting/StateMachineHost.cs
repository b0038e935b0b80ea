using System.Buffers;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Membership.Replication.Divergence;
using Membership.Replication.Faults;
using Membership.Replication.Log;
using Membership.Replication.Proposals;
using Membership.Replication.Snapshots;
using Membership.Replication.Telemetry;
using Membership.State;
using Microsoft.Extensions.Logging;
using LogEntry = Membership.Replication.Log.LogEntry;

namespace Membership.Replication.Hosting;

/// <summary>
/// Applies what the log has committed, answers the proposals of it, and hands the events on; swaps the state when a snapshot is installed.
/// The log calls it one entry at a time.
/// </summary>
/// <param name="store">Holds the state.</param>
/// <param name="snapshots">The snapshot files.</param>
/// <param name="keeper">Takes snapshots.</param>
/// <param name="installer">Brings snapshots of others.</param>
/// <param name="fence">Says whether the state may be believed.</param>
/// <param name="checkpoints">Compares it with the leader's.</param>
/// <param name="replaceState">Makes a state that a snapshot brought the present one, on the applying thread.</param>
/// <param name="onApplied">Hears of every applied entry, on the applying thread: it must be quick and must not throw.</param>
/// <param name="fault">Hears of what must stop the replica.</param>
/// <param name="logger">For installs.</param>
internal sealed class StateMachineHost(
    MembershipStore store,
    SnapshotStore snapshots,
    SnapshotKeeper keeper,
    SnapshotInstaller installer,
    Fence fence,
    Checkpoints checkpoints,
    Action<MembershipState> replaceState,
    Action<AppliedEntry> onApplied,
    FaultSignal fault,
    ILogger logger) : ILogApplier
{
    /// <summary>Marks our entries among the package's own.</summary>
    public const int EntryId = 1;

    /// <inheritdoc/>
    public ISnapshot? Snapshot => keeper.Published;

    /// <inheritdoc/>
    public async ValueTask ApplyAsync(LogEntry entry, CancellationToken token)
    {
        try
        {
            if (entry.CommandId == EntryId) await ApplyInTurnAsync(entry, token);
            else if (entry.CommandId is { } unknown) throw new UnsupportedFormatException("log entry's kind", (ulong)unknown, EntryId);
        }
        catch (Exception e) when (!token.IsCancellationRequested)
        {
            // Every replica throws here, at this entry, at each start. The log takes it as its end, so nothing after it is applied.
            fault.Raise(new(e is UnsupportedFormatException ? ReplicaFaultKind.UnsupportedFormat : ReplicaFaultKind.ApplyFailed, e.Message, e));
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask InstallAsync(IRaftLogEntry snapshot, long index, CancellationToken token)
    {
        try
        {
            var pointer = SnapshotPointer.Decode(new ReadOnlySequence<byte>(await snapshot.ToByteArrayAsync(token: token)));
            var loaded = await installer.TakeAsync(pointer);
            using var turn = await fence.TakeTurnAsync(token);
            await snapshots.InstallAsync(loaded.File, token);
            if (fence.PassesOver) fence.PassOver(pointer.Index);
            // The state may be ahead of the log, and so of the snapshot that the log lacks: it never goes back, as readers have seen it.
            if (loaded.State.AppliedIndex > store.AppliedIndex) replaceState(loaded.State);
            logger.InstalledSnapshot(pointer.Index, loaded.State.Revision);
        }
        catch (UnsupportedFormatException e)
        {
            fault.Raise(new(ReplicaFaultKind.UnsupportedFormat, e.Message, e));
            throw;
        }
    }

    private async ValueTask ApplyInTurnAsync(LogEntry entry, CancellationToken token)
    {
        using var turn = await fence.TakeTurnAsync(token);
        if (fence.PassesOver) fence.PassOver(entry.Index);
        else Apply(entry);
    }

    private void Apply(LogEntry entry)
    {
        // The log begins at the published snapshot, the state at the newest one.
        var before = store.AppliedIndex;
        if (entry.Index <= before) return;
        var applied = store.Apply(entry.Index, entry.Term, new(entry.Payload));
        if (applied.Checkpoint is { } checkpoint) checkpoints.OnApplied(checkpoint, before, store.Summary);

        // First: an answer may be made from what is remembered of applied entries.
        onApplied(applied);
        if (fence.IsUp) (entry.Context as Batch)?.Abandon();
        else (entry.Context as Batch)?.Applied(entry.Term, applied.Outcomes);
        if (!fence.IsUp) keeper.OnApplied(entry.LogBytes);
    }
}
