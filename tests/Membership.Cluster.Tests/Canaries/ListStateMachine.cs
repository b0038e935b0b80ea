using System.Buffers;
using System.Text;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Membership.Replication.Log;
using LogEntry = Membership.Replication.Log.LogEntry;
using PackageEntry = DotNext.Net.Cluster.Consensus.Raft.StateMachine.LogEntry;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>What a state machine was given for one index.</summary>
internal sealed record Applied(long Index, long Term, string Payload, object? Context);

/// <summary>The simplest state machine: the payloads in the order of their application, lines of text in a snapshot.</summary>
internal sealed class ListStateMachine : IStateMachine, ILogApplier
{
    private const int LargestText = 1000;
    private readonly Lock sync = new();
    private readonly List<Applied> applied = [];
    private ListSnapshot? snapshot;

    public ListStateMachine(ListSnapshot? restored = null)
    {
        snapshot = restored;
        if (restored is not null)
            applied.AddRange(restored.Content);
    }

    /// <summary>Holds the log's flusher, which asks for the snapshot before each of its writes.</summary>
    public FlushStall Stall { get; } = new();

    /// <summary>Runs before the entry of an index is applied, a snapshot too; what it throws goes to the log.</summary>
    public Action<long>? Applying { get; set; }

    public ISnapshot? Snapshot
    {
        get
        {
            Stall.HoldFlusher();
            return snapshot;
        }
    }

    /// <summary>Everything applied so far.</summary>
    public Applied[] Content
    {
        get
        {
            lock (sync)
                return [.. applied];
        }
    }

    public string[] Payloads => [.. Content.Select(entry => entry.Payload)];

    async ValueTask<long> IStateMachine.ApplyAsync(PackageEntry entry, CancellationToken token)
    {
        if (entry.IsSnapshot) await InstallAsync(entry, entry.Index, token);
        else await ApplyAsync(entry, entry.Index, entry.Context, token);
        return entry.Index;
    }

    ValueTask ILogApplier.ApplyAsync(LogEntry entry, CancellationToken token) => ApplyAsync(entry, entry.Index, entry.Context, token);

    ValueTask ILogApplier.InstallAsync(IRaftLogEntry received, long index, CancellationToken token) => InstallAsync(received, index, token);

    private async ValueTask ApplyAsync<TEntry>(TEntry entry, long index, object? context, CancellationToken token)
        where TEntry : IRaftLogEntry
    {
        Applying?.Invoke(index);
        var payload = await entry.ToByteArrayAsync(token: token);
        if (payload.Length == 0) return;
        lock (sync)
            applied.Add(new Applied(index, entry.Term, Text(payload), context));
    }

    private async ValueTask InstallAsync<TEntry>(TEntry entry, long index, CancellationToken token)
        where TEntry : IRaftLogEntry
    {
        Applying?.Invoke(index);
        var payload = await entry.ToByteArrayAsync(token: token);
        lock (sync)
        {
            snapshot = ListSnapshot.Parse(index, entry.Term, payload);
            applied.Clear();
            applied.AddRange(snapshot.Content);
        }
    }

    /// <summary>Publishes a snapshot of what is applied: from now on the log may drop entries up to it.</summary>
    public ListSnapshot Publish(long index, long term)
    {
        lock (sync)
            return snapshot = new ListSnapshot(index, term, [.. applied]);
    }

    // Large entries are ballast: the test needs their number, not their bytes.
    private static string Text(byte[] payload) =>
        payload.Length > LargestText ? $"{payload.Length} bytes" : Encoding.UTF8.GetString(payload);

    public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token) => ValueTask.CompletedTask;
}

/// <summary>The content of a <see cref="ListStateMachine"/> at an index.</summary>
internal sealed class ListSnapshot(long index, long term, Applied[] content) : ISnapshot
{
    private readonly byte[] bytes = Encoding.UTF8.GetBytes(
        string.Concat(content.Select(entry => $"{entry.Index}\t{entry.Term}\t{entry.Payload}\n")));

    public long Index => index;

    public long Term => term;

    public Applied[] Content => content;

    public long? Length => bytes.Length;

    public bool IsReusable => true;

    public static ListSnapshot Parse(long index, long term, byte[] bytes)
    {
        var lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new ListSnapshot(index, term, [.. lines.Select(Line)]);

        static Applied Line(string line)
        {
            var fields = line.Split('\t', 3);
            return new Applied(long.Parse(fields[0], null), long.Parse(fields[1], null), fields[2], null);
        }
    }

    public bool TryGetMemory(out ReadOnlyMemory<byte> memory)
    {
        memory = bytes;
        return true;
    }

    public ValueTask WriteToAsync<TWriter>(TWriter writer, CancellationToken token)
        where TWriter : IAsyncBinaryWriter => writer.Invoke(bytes, token);
}
