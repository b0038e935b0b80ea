using System.Globalization;
using Membership.Replication.Disk;
using Membership.Replication.Faults;
using Membership.Replication.Hosting;
using Membership.Replication.Log;
using Membership.Replication.Peers;
using Membership.Replication.Snapshots;
using Membership.Replication.Telemetry;
using Membership.Snapshots;
using Membership.State;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Divergence;

/// <summary>
/// Replaces a state that diverged: keeps what there was as evidence, takes a snapshot that a peer makes of its state as it is now, and
/// serves again when the log has come to it.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
internal sealed class StateRebuild(
    MembershipStore store, DurableLog log, SnapshotStore snapshots, SnapshotKeeper keeper, SnapshotTransfer transfer, PeerSet peers, Fence fence,
    Action<MembershipState> replaceState, string evidencePath, FaultSignal fault, ILogger logger)
{
    private const int EvidenceKept = 4;

    // A large state takes a peer longer to write than it may take to answer: it is done by the time it is asked again.
    private const int OfferRounds = 3;

    private SnapshotFile? _taken;

    /// <summary>Goes as far as it can now. True when the state is a majority's again, and served.</summary>
    public async Task<bool> TryAsync(CancellationToken token)
    {
        try
        {
            if (fence.Current is { Evidence: null }) await KeepEvidenceAsync(token);
            if (fence.Current is { Stage: DivergenceStage.Diverged }) await ReplaceStateAsync(token);
            if (fence.Current is not { Stage: DivergenceStage.Rebuilt } rebuilt) return false;
            await ReplaceFilesAsync(_taken!, token);
            fence.Open(rebuilt);
            return true;
        }
        catch (UnsupportedFormatException e)
        {
            fault.Raise(new(ReplicaFaultKind.UnsupportedFormat, e.Message, e));
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PeerUnavailableException)
        {
            Report(e.Message);
            return false;
        }
    }

    // The state in memory is what diverged; the files show since when.
    private async Task KeepEvidenceAsync(CancellationToken token)
    {
        using var turn = await fence.TakeTurnAsync(token);
        await keeper.SettleAsync();
        var divergence = fence.Current!;
        var state = store.Current;
        var folder = Path.Combine(evidencePath, divergence.Index.ToString("D20", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(folder);
        foreach (var file in snapshots.Files) DurableFile.Link(file.Path, Path.Combine(folder, Path.GetFileName(file.Path)));
        await Task.Run(
            () =>
            {
                using var stream = new FileStream(Path.Combine(folder, "diverged.snapshot"), FileMode.Create);
                SnapshotWriter.Write(state, stream);
                stream.Flush(flushToDisk: true);
            },
            token);
        divergence = divergence with { Evidence = folder };
        DurableFile.Replace(Path.Combine(folder, "divergence.json"), FenceMark.ToBytes(divergence));
        fence.Explain(divergence);
        foreach (var old in Directory.GetDirectories(evidencePath).Order(StringComparer.Ordinal).SkipLast(EvidenceKept)) Directory.Delete(old, recursive: true);
    }

    // In one turn, so that no entry is passed over while a snapshot of it is on its way.
    private async Task ReplaceStateAsync(CancellationToken token)
    {
        using var turn = await fence.TakeTurnAsync(token);
        var least = Math.Max(fence.PassedOver, store.AppliedIndex);
        for (var round = 0; round < OfferRounds; round++)
        {
            if (await TryReplaceStateAsync(least, token)) return;
        }

        Report($"no other replica offers a snapshot at index {least} or later");
    }

    private async Task<bool> TryReplaceStateAsync(long least, CancellationToken token)
    {
        foreach (var peer in peers.All)
        {
            if (await TryGetOfferAsync(peer, least, token) is not { } pointer) continue;
            var loaded = await transfer.FetchAsync(pointer, [peer], token);
            replaceState(loaded.State);
            _taken = loaded.File;
            fence.Rebuild(pointer.Index);
            return true;
        }

        return false;
    }

    private static async Task<SnapshotPointer?> TryGetOfferAsync(PeerClient peer, long least, CancellationToken token)
    {
        try
        {
            return await peer.OfferSnapshotAsync(least, token) is { } pointer && pointer.Index >= least ? pointer : null;
        }
        catch (Exception e) when (e is PeerUnavailableException or InvalidDataException)
        {
            return null;
        }
    }

    // Not before the log has come to it: it may not be cut where it has not been read.
    private async Task ReplaceFilesAsync(SnapshotFile file, CancellationToken token)
    {
        await log.WaitForApplyAsync(file.Index, token);
        await snapshots.ReplaceAllAsync(file, token);
    }

    private void Report(string obstacle)
    {
        if (fence.Current is not { } divergence || divergence.Obstacle == obstacle) return;
        logger.CannotRebuild(obstacle);
        fence.Explain(divergence with { Obstacle = obstacle });
    }
}
