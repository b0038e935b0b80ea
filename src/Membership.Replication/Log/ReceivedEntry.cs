using DotNext.Buffers;
using DotNext.IO;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;

namespace Membership.Replication.Log;

/// <summary>An entry that came whole from a leader: its payload no longer depends on the connection it came over.</summary>
/// <remarks>Owns a pooled buffer: use it until <see cref="Dispose"/>, and no longer.</remarks>
internal sealed class ReceivedEntry : IRaftLogEntry, IDisposable
{
    private readonly PoolingArrayBufferWriter<byte> _payload;

    private ReceivedEntry(IRaftLogEntry source)
    {
        Term = source.Term;
        CommandId = source.CommandId;
        IsConfiguration = source.IsConfiguration;
        _payload = new PoolingArrayBufferWriter<byte> { Capacity = int.CreateSaturating(source.Length ?? 0) };
    }

    /// <inheritdoc/>
    public long Term { get; }

    /// <inheritdoc/>
    public int? CommandId { get; }

    /// <inheritdoc/>
    public bool IsConfiguration { get; }

    /// <inheritdoc/>
    public long? Length => _payload.WrittenCount;

    /// <inheritdoc/>
    public bool IsReusable => true;

    /// <summary>Reads one entry to its end.</summary>
    /// <exception cref="InvalidDataException">The payload is not as long as the leader said.</exception>
    public static async ValueTask<ReceivedEntry> ReadAsync<TEntry>(TEntry source, CancellationToken token)
        where TEntry : IRaftLogEntry
    {
        var entry = new ReceivedEntry(source);
        try
        {
            var announced = source.Length;
            await source.WriteToAsync(entry._payload, token);
            return announced is null || announced == entry.Length
                ? entry
                : throw new InvalidDataException($"The leader announced {announced} bytes and sent {entry.Length}.");
        }
        catch
        {
            entry.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryGetMemory(out ReadOnlyMemory<byte> memory)
    {
        memory = _payload.WrittenMemory;
        return true;
    }

    /// <inheritdoc/>
    public ValueTask WriteToAsync<TWriter>(TWriter writer, CancellationToken token)
        where TWriter : IAsyncBinaryWriter => writer.Invoke(_payload.WrittenMemory, token);

    /// <inheritdoc/>
    public void Dispose() => _payload.Dispose();
}
