using Membership.Replication.Peers;

namespace Membership.Replication.Snapshots;

/// <summary>Where snapshot files can be fetched from: a peer.</summary>
internal interface ISnapshotSource
{
    /// <summary>For messages.</summary>
    string Name { get; }

    /// <summary>Whether the source holds the file; if so it keeps it for a while.</summary>
    /// <exception cref="PeerUnavailableException">No answer.</exception>
    Task<bool> HasSnapshotAsync(SnapshotHash hash, CancellationToken cancellationToken);

    /// <summary>Reads from the file.</summary>
    /// <returns>At most <paramref name="length"/> bytes, fewer at the end; null when the source does not hold it.</returns>
    /// <exception cref="PeerUnavailableException">No answer.</exception>
    Task<ReadOnlyMemory<byte>?> ReadSnapshotChunkAsync(
        SnapshotHash hash, long offset, int length, CancellationToken cancellationToken);
}
