using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace Membership.Replication.Snapshots;

/// <summary>A snapshot as Raft sends it: the pointer alone, so that an install never takes longer than a request may.</summary>
internal sealed class PublishedSnapshot(SnapshotFile file, string sender) : ISnapshot
{
    private readonly byte[] _pointer = SnapshotPointer.To(file, sender).Encode();

    /// <summary>What it points to.</summary>
    public SnapshotFile File => file;

    /// <inheritdoc/>
    public long Index => file.Index;

    /// <inheritdoc/>
    public long Term => file.Term;

    /// <inheritdoc/>
    public long? Length => _pointer.Length;

    /// <inheritdoc/>
    public bool IsReusable => true;

    /// <inheritdoc/>
    public bool TryGetMemory(out ReadOnlyMemory<byte> memory)
    {
        memory = _pointer;
        return true;
    }

    /// <inheritdoc/>
    public ValueTask WriteToAsync<TWriter>(TWriter writer, CancellationToken token)
        where TWriter : IAsyncBinaryWriter => writer.Invoke(_pointer, token);
}
