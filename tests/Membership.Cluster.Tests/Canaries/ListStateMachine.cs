using System.Buffers;
using System.Text;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>What a state machine was given for one index.</summary>
internal sealed record Applied(long Index, long Term, string Payload, object? Context);

/// <summary>The simplest state machine: the payloads in the order of their application, lines of text in a snapshot.</summary>
internal sealed class ListStateMachine : IStateMachine
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

    /// <summary>Runs before each entry is applied, a snapshot too; what it throws goes to the log.</summary>
    public Action<LogEntry>? Applying { get; set; }

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

    public async ValueTask<long> ApplyAsync(LogEntry entry, CancellationToken token)
    {
        Applying?.Invoke(entry);
        var payload = await entry.ToByteArrayAsync(token: token);
        lock (sync)
        {
            if (entry.IsSnapshot)
            {
                snapshot = ListSnapshot.Parse(entry.Index, entry.Term, payload);
                applied.Clear();
                applied.AddRange(snapshot.Content);
            }
            else if (payload.Length > 0)
            {
                applied.Add(new Applied(entry.Index, entry.Term, Text(payload), entry.Context));
            }
        }

        return entry.Index;
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
