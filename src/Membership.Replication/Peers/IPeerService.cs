using Membership.Replication.Configuration;
using Membership.Replication.Snapshots;

namespace Membership.Replication.Peers;

/// <summary>What a replica answers to its peers.</summary>
/// <remarks>
/// Called from many threads at once. An exception is reported to the peer by its type alone and leaves the connection open; for
/// <see cref="ForwardAsync"/> it counts as <see cref="ForwardVerdict.Unknown"/>.
/// </remarks>
internal interface IPeerService
{
    /// <summary>
    /// Proposes what a peer forwarded, here or nowhere: it is one hop, so a replica that does not lead answers
    /// <see cref="ForwardResult.NotLeader"/> and never passes the batch on.
    /// </summary>
    /// <param name="proposals">1 to 256 of them, each from <see cref="Proposal.Encode"/>; their bytes are the callee's to keep.</param>
    /// <param name="groups">
    /// How many of them belong together, in their order; each 1 and more, and all of them together. A group keeps its order and is of one
    /// network, its first proposal's; between groups there is no order.
    /// </param>
    /// <param name="deadline">How long the peer waits for the answer.</param>
    /// <param name="cancellationToken">Cancelled when the server stops; not when the peer goes away.</param>
    /// <returns>As many outcomes as proposals in their order, or why there are none.</returns>
    ValueTask<ForwardResult> ForwardAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> proposals, IReadOnlyList<int> groups, TimeSpan deadline, CancellationToken cancellationToken);

    /// <summary>The index that a read has to wait for, confirmed by a majority after the call began. Only the leader has one.</summary>
    ValueTask<ReadIndexResult> ConfirmReadIndexAsync(CancellationToken cancellationToken);

    /// <summary>What this replica says of itself.</summary>
    ValueTask<PeerStatus> GetStatusAsync(CancellationToken cancellationToken);

    /// <summary>This replica's wall clock, Unix ms.</summary>
    long GetClock();

    /// <summary>Whether a snapshot file of this hash is here; if so it stays for a while, so that it can be read.</summary>
    bool HasSnapshot(SnapshotHash hash);

    /// <summary>Reads from a snapshot file.</summary>
    /// <param name="hash">Which file.</param>
    /// <param name="offset">The first byte, 0 or above.</param>
    /// <param name="length">At most so many bytes: 1 to 1 MiB.</param>
    /// <param name="cancellationToken">Cancelled when the peer goes away.</param>
    /// <returns>The bytes, fewer at the end of the file, none beyond it; null when the file is not here.</returns>
    ValueTask<ReadOnlyMemory<byte>?> ReadSnapshotChunkAsync(
        SnapshotHash hash, long offset, int length, CancellationToken cancellationToken);

    /// <summary>An operator asks the leader for a change of the cluster. Asking again for what is done already does nothing.</summary>
    ValueTask<ClusterChangeAnswer> ChangeClusterAsync(ClusterChange change, CancellationToken cancellationToken);

    /// <summary>The leader says who listens where, each as <see cref="KnownReplica"/>'s text, and hears what this replica knows.</summary>
    ValueTask<string[]> ExchangeReplicasAsync(IReadOnlyList<string> known, CancellationToken cancellationToken);

    /// <summary>The leader is about to give leadership to one replica: that one stands for election at once, the others let it.</summary>
    /// <returns>False when this replica cannot do its part.</returns>
    ValueTask<bool> HandOverAsync(HandOverNotice notice, CancellationToken cancellationToken);

    /// <summary>A peer says that this replica was removed from the cluster.</summary>
    ValueTask OnRemovedAsync(RemovedNotice notice, CancellationToken cancellationToken);

    /// <summary>The leader says that this replica is about to be added.</summary>
    /// <returns>False when it is another incarnation, or holds itself for a voter already: it must not be added.</returns>
    ValueTask<bool> AdmitAsync(VoteOffer offer, CancellationToken cancellationToken);

    /// <summary>What this replica's own digests were at the checkpoints of late, oldest first.</summary>
    PeerCheckpoint[] GetCheckpoints();

    /// <summary>A peer needs a new checkpoint to compare its state by.</summary>
    /// <returns>False when this replica does not lead, and nothing comes of it.</returns>
    bool RequestCheckpoint();

    /// <summary>A peer needs a state that is not older than this index.</summary>
    /// <param name="index">The index.</param>
    /// <param name="cancellationToken">Cancelled when the peer goes away.</param>
    /// <returns>A snapshot file that stays for a while; null when this replica has no such state, or none that may be served.</returns>
    ValueTask<SnapshotPointer?> OfferSnapshotAsync(long index, CancellationToken cancellationToken);
}
