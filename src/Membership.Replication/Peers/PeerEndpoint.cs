using Membership.Replication.Configuration;
using Membership.Replication.Snapshots;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;

namespace Membership.Replication.Peers;

/// <summary>Turns calls as they travel into calls of the service, for one connection.</summary>
internal sealed class PeerEndpoint(IPeerService service, PeerIdentity peer, ILogger logger, CancellationToken stopping) : IPeerContract
{
    /// <summary>Bytes of one chunk.</summary>
    public const int ChunkBytesMax = 1024 * 1024;

    /// <summary>The longest deadline of a forwarded batch, in ms.</summary>
    public const int DeadlineMsMax = 60_000;

    public async Task<byte[]> ForwardAsync(byte[] batch, int deadlineMs) =>
        ForwardResultFormat.Write(await ForwardBatchAsync(batch, groups: null, deadlineMs));

    public async Task<byte[]> ForwardGroupsAsync(byte[] batch, int[] groups, int deadlineMs) =>
        ForwardResultFormat.Write(await ForwardBatchAsync(batch, groups ?? [], deadlineMs));

    public Task<ReadIndexResult> ConfirmReadIndexAsync(CancellationToken cancellationToken) =>
        Answer(() => service.ConfirmReadIndexAsync(cancellationToken));

    public Task<PeerStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        Answer(() => service.GetStatusAsync(cancellationToken));

    public Task<long> GetClockAsync(CancellationToken cancellationToken) => Answer(() => new ValueTask<long>(service.GetClock()));

    public Task<bool> HasSnapshotAsync(byte[] hash, CancellationToken cancellationToken) =>
        Answer(() => new ValueTask<bool>(service.HasSnapshot(new(hash))));

    public Task<byte[]?> ReadSnapshotChunkAsync(byte[] hash, long offset, int length, CancellationToken cancellationToken) =>
        Answer(async () =>
        {
            ArgumentOutOfRangeException.ThrowIfNegative(offset);
            ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, ChunkBytesMax);
            var chunk = await service.ReadSnapshotChunkAsync(new SnapshotHash(hash), offset, length, cancellationToken);
            return chunk?.ToArray();
        });

    public Task<ClusterChangeAnswer> ChangeClusterAsync(ClusterChange change, CancellationToken cancellationToken) =>
        Answer(() => service.ChangeClusterAsync(change, cancellationToken));

    public Task<string[]> ExchangeReplicasAsync(string[] known, CancellationToken cancellationToken) =>
        Answer(() => service.ExchangeReplicasAsync(known, cancellationToken));

    public Task<bool> HandOverAsync(HandOverNotice notice, CancellationToken cancellationToken) =>
        Answer(() => service.HandOverAsync(notice, cancellationToken));

    public Task NotifyRemovedAsync(RemovedNotice notice, CancellationToken cancellationToken) => Answer(async () =>
    {
        await service.OnRemovedAsync(notice, cancellationToken);
        return true;
    });

    public Task<bool> AdmitAsync(VoteOffer offer, CancellationToken cancellationToken) =>
        Answer(() => service.AdmitAsync(offer, cancellationToken));

    public Task<PeerCheckpoint[]> GetCheckpointsAsync(CancellationToken cancellationToken) =>
        Answer(() => new ValueTask<PeerCheckpoint[]>(service.GetCheckpoints()));

    public Task<bool> RequestCheckpointAsync(CancellationToken cancellationToken) =>
        Answer(() => new ValueTask<bool>(service.RequestCheckpoint()));

    public Task<byte[]?> OfferSnapshotAsync(long index, CancellationToken cancellationToken) =>
        Answer(async () => (await service.OfferSnapshotAsync(index, cancellationToken))?.Encode());

    private async Task<ForwardResult> ForwardBatchAsync(byte[] batch, int[]? groups, int deadlineMs)
    {
        ReadOnlyMemory<byte>[] proposals;
        try
        {
            proposals = ProposalBatch.Read(batch);
        }
        catch (InvalidDataException e)
        {
            return ForwardResult.Refused(e.Message);
        }

        groups ??= [proposals.Length];
        if (!ProposalBatch.HasGroups(proposals.Length, groups)) return ForwardResult.Refused("groups of other proposals");
        if (deadlineMs is < 1 or > DeadlineMsMax) return ForwardResult.Refused("deadline out of range");
        try
        {
            var result = await service.ForwardAsync(proposals, groups, TimeSpan.FromMilliseconds(deadlineMs), stopping);
            return result.Verdict != ForwardVerdict.Decided || result.Outcomes.Length == proposals.Length
                ? result
                : ForwardResult.Unknown($"{result.Outcomes.Length} outcomes for {proposals.Length} proposals");
        }
        catch (Exception e)
        {
            logger.ForwardedBatchFailed(e, peer);
            return ForwardResult.Unknown(e.GetType().Name);
        }
    }

    // What goes wrong here is logged here; the peer learns its kind and no more.
    private async Task<T> Answer<T>(Func<ValueTask<T>> answer)
    {
        try
        {
            return await answer();
        }
        catch (Exception e)
        {
            if (e is not OperationCanceledException) logger.PeerRequestFailed(e, peer);
            throw new LocalRpcException(e.GetType().Name);
        }
    }
}
