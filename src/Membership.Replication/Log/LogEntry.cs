using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft;

namespace Membership.Replication.Log;

/// <summary>An entry at its place in the log. Its payload stays as it is for as long as somebody holds it.</summary>
internal sealed class LogEntry(long index, in NewEntry entry) : IRaftLogEntry
{
    /// <summary>The entry's place in the log, from 1.</summary>
    public long Index => index;

    /// <inheritdoc/>
    public long Term { get; } = entry.Term;

    /// <inheritdoc/>
    public int? CommandId { get; } = entry.CommandId;

    /// <inheritdoc/>
    public bool IsConfiguration { get; } = entry.IsConfiguration;

    /// <summary>Its bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = entry.Payload;

    /// <summary>What its proposer gave along, on the replica that proposed it, until it is applied.</summary>
    public object? Context { get; set; }

    /// <summary>The place behind the frame that the entry is part of: the entry is on the disk when that is.</summary>
    public LogPosition End { get; init; }

    /// <summary>About what it takes in the log's files, in bytes.</summary>
    public int LogBytes => int.Max(Payload.Length, LogFrame.SectorBytes);

    /// <inheritdoc/>
    public long? Length => Payload.Length;

    /// <inheritdoc/>
    public bool IsReusable => true;

    /// <inheritdoc/>
    public bool TryGetMemory(out ReadOnlyMemory<byte> memory)
    {
        memory = Payload;
        return true;
    }

    /// <inheritdoc/>
    public ValueTask WriteToAsync<TWriter>(TWriter writer, CancellationToken token)
        where TWriter : IAsyncBinaryWriter => writer.Invoke(Payload, token);
}
