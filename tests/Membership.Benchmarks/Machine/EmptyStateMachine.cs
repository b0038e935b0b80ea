using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace Membership.Benchmarks.Machine;

/// <summary>Keeps nothing: says that an entry was applied and no more.</summary>
internal sealed class EmptyStateMachine : IStateMachine
{
    public ISnapshot? Snapshot => null;

    public ValueTask<long> ApplyAsync(LogEntry entry, CancellationToken token)
    {
        (entry.Context as BareBatch)?.Complete();
        return new(entry.Index);
    }

    public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token) => default;
}
