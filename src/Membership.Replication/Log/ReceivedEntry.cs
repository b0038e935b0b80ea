using DotNext.Buffers;
using DotNext.IO;
using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;

namespace Membership.Replication.Log;

/// <summary>An entry that came whole from a leader: its payload no longer depends on the connection it came over.</summary>
/// <remarks>Owns a pooled buffer: use it until <see cref="Dispose"/>, and no longer.</remarks>
internal sealed class ReceivedEntry : IDisposable
{
    private readonly PoolingArrayBufferWriter<byte> _payload;

    private ReceivedEntry(IRaftLogEntry source)
    {
        Entry = new(source.Term, source.CommandId, source.IsConfiguration, default);
        _payload = new PoolingArrayBufferWriter<byte> { Capacity = int.CreateSaturating(source.Length ?? 0) };
    }

    /// <summary>The term of the leader that made it.</summary>
    public long Term => Entry.Term;

    /// <summary>What it says, as long as this is not disposed.</summary>
    public NewEntry Entry { get; private set; }

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
            if (announced is not null && announced != entry._payload.WrittenCount)
                throw new InvalidDataException($"The leader announced {announced} bytes and sent {entry._payload.WrittenCount}.");
            entry.Entry = entry.Entry with { Payload = entry._payload.WrittenMemory };
            return entry;
        }
        catch
        {
            entry.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _payload.Dispose();
}
