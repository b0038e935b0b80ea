using DotNext.IO.Log;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace Membership.Benchmarks.Machine;

/// <summary>
/// The package's own log as fast as it goes with the durability of ours: a follower's append returns after the flush. Nothing else of what
/// a replica needs of its log is repaired.
/// </summary>
internal sealed class FlushingLog(string folder, IStateMachine stateMachine) : WriteAheadLog(
    new Options
    {
        Location = folder,
        ChunkSize = ChunkBytes,
        MemoryManagement = MemoryManagementStrategy.PrivateMemory,
        HashAlgorithm = IntegrityHashAlgorithm.XxHash3,
    },
    stateMachine), IAuditTrail<IRaftLogEntry>
{
    private const int ChunkBytes = 16 << 20;

    // The package wakes one waiter when a flush ends, and dies of a second one.
    private readonly SemaphoreSlim _gate = new(1, 1);

    async ValueTask IAuditTrail<IRaftLogEntry>.AppendAsync<TEntry>(
        ILogEntryProducer<TEntry> entries, long startIndex, bool skipCommitted, CancellationToken token)
    {
        var isEmpty = entries.RemainingCount == 0;
        await AppendAsync(entries, startIndex, skipCommitted, token);
        if (isEmpty) return;
        await _gate.WaitAsync(token);
        try
        {
            await FlushAsync(token);
        }
        finally
        {
            _gate.Release();
        }
    }

    async ValueTask<long> IAuditTrail.CommitAsync(long endIndex, CancellationToken token)
    {
        await _gate.WaitAsync(token);
        try
        {
            return await CommitAsync(endIndex, token);
        }
        finally
        {
            _gate.Release();
        }
    }
}
