using System.Buffers;
using System.Threading.Channels;
using DotNext.Net.Cluster.Consensus.Raft;

namespace Membership.Benchmarks.Machine;

/// <summary>The batching of a replica's proposer and nothing else: takes what waits, makes one entry of it, and sees it through.</summary>
internal sealed class BareProposer(RaftCluster cluster, FlushingLog log)
{
    private const int CommandsMax = 4096;

    private readonly Channel<(ReadOnlyMemory<byte> Command, TaskCompletionSource Waiting)> _queue =
        Channel.CreateBounded<(ReadOnlyMemory<byte>, TaskCompletionSource)>(new BoundedChannelOptions(65_536) { SingleReader = true });

    private readonly ArrayBufferWriter<byte> _entry = new();

    /// <summary>Proposes a command; returns when it is applied here.</summary>
    public async ValueTask ProposeAsync(ReadOnlyMemory<byte> command)
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync((command, waiting));
        await waiting.Task;
    }

    /// <summary>Runs while this replica leads.</summary>
    public async Task RunAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            var batch = Take();
            var entry = new BinaryLogEntry
            {
                Term = await ReadLastTermAsync(),
                CommandId = 1,
                Content = _entry.WrittenMemory,
                Context = batch,
            };
            await cluster.ReplicateAsync(entry, cluster.LeadershipToken);
        }
    }

    private async ValueTask<long> ReadLastTermAsync()
    {
        using var last = await log.ReadAsync(log.LastEntryIndex, log.LastEntryIndex);
        return last[0].Term;
    }

    private BareBatch Take()
    {
        var batch = new BareBatch();
        _entry.ResetWrittenCount();
        while (batch.Count < CommandsMax && _queue.Reader.TryRead(out var next))
        {
            _entry.Write(next.Command.Span);
            batch.Add(next.Waiting);
        }

        return batch;
    }
}
