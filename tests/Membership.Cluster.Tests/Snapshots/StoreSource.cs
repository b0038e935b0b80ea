using Membership.Replication.Peers;
using Membership.Replication.Snapshots;

namespace Membership.Cluster.Tests.Snapshots;

/// <summary>A peer that is a store in the same process, and may fail.</summary>
internal sealed class StoreSource(SnapshotStore store) : ISnapshotSource
{
    /// <summary>What was asked for and given.</summary>
    public List<(long Offset, int Length)> Chunks { get; } = [];

    /// <summary>Chunks that it gives before it can no longer be reached.</summary>
    public int BreaksAfter { get; init; } = int.MaxValue;

    /// <summary>Whether a byte of each chunk is wrong.</summary>
    public bool Spoils { get; init; }

    public string Name => "a store";

    public Task<bool> HasSnapshotAsync(SnapshotHash hash, CancellationToken cancellationToken) => Task.FromResult(store.Has(hash));

    public async Task<ReadOnlyMemory<byte>?> ReadSnapshotChunkAsync(
        SnapshotHash hash, long offset, int length, CancellationToken cancellationToken)
    {
        if (Chunks.Count >= BreaksAfter) throw new PeerUnavailableException("broken off");
        if (await store.ReadAsync(hash, offset, length, cancellationToken) is not { } chunk) return null;
        Chunks.Add((offset, chunk.Length));
        var bytes = chunk.ToArray();
        if (Spoils && bytes.Length > 0) bytes[bytes.Length / 2] ^= 0x40;
        return bytes;
    }
}
