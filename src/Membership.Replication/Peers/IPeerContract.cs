using Membership.Replication.Configuration;
using PolyType;
using StreamJsonRpc;

namespace Membership.Replication.Peers;

/// <summary>The calls as they travel. Names and order of arguments are the wire form; what changes them is a new method.</summary>
[JsonRpcContract, GenerateShape(IncludeMethods = MethodShapeFlags.PublicInstance)]
internal partial interface IPeerContract
{
    /// <summary>The batch by <see cref="ProposalBatch"/>, the answer by <see cref="ForwardResultFormat"/>. All of it is one group.</summary>
    Task<byte[]> ForwardAsync(byte[] batch, int deadlineMs);

    /// <summary>
    /// As <see cref="ForwardAsync"/>, with the lengths of the batch's groups in their order. A replica of before this call does not know it.
    /// </summary>
    Task<byte[]> ForwardGroupsAsync(byte[] batch, int[] groups, int deadlineMs);

    Task<ReadIndexResult> ConfirmReadIndexAsync(CancellationToken cancellationToken);

    Task<PeerStatus> GetStatusAsync(CancellationToken cancellationToken);

    Task<long> GetClockAsync(CancellationToken cancellationToken);

    Task<bool> HasSnapshotAsync(byte[] hash, CancellationToken cancellationToken);

    Task<byte[]?> ReadSnapshotChunkAsync(byte[] hash, long offset, int length, CancellationToken cancellationToken);

    Task<ClusterChangeAnswer> ChangeClusterAsync(ClusterChange change, CancellationToken cancellationToken);

    Task NotifyRemovedAsync(RemovedNotice notice, CancellationToken cancellationToken);

    Task<string[]> ExchangeReplicasAsync(string[] known, CancellationToken cancellationToken);

    Task<bool> HandOverAsync(HandOverNotice notice, CancellationToken cancellationToken);

    Task<bool> AdmitAsync(VoteOffer offer, CancellationToken cancellationToken);

    Task<PeerCheckpoint[]> GetCheckpointsAsync(CancellationToken cancellationToken);

    Task<bool> RequestCheckpointAsync(CancellationToken cancellationToken);

    /// <summary>The answer by <see cref="Snapshots.SnapshotPointer"/>.</summary>
    Task<byte[]?> OfferSnapshotAsync(long index, CancellationToken cancellationToken);
}
