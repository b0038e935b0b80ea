using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Membership.Replication.Proposals;
using Membership.State;

namespace Membership.Replication.Hosting;

/// <summary>Applies what the log has committed, answers the proposals of it, and hands the events on. The log calls it one entry at a time.</summary>
/// <param name="store">Holds the state.</param>
/// <param name="onApplied">Hears of every applied entry, on the applying thread: it must be quick and must not throw.</param>
/// <param name="fault">Hears of what must stop the replica.</param>
internal sealed class StateMachineHost(MembershipStore store, Action<AppliedEntry> onApplied, Action<ReplicaFault> fault) : IStateMachine
{
    /// <summary>Marks our entries among the package's own.</summary>
    public const int EntryId = 1;

    /// <inheritdoc/>
    public ISnapshot? Snapshot => null;

    /// <inheritdoc/>
    public ValueTask<long> ApplyAsync(LogEntry entry, CancellationToken token)
    {
        // The package's own entries: configurations, which it has handled before it comes here.
        if (entry.CommandId != EntryId) return new(entry.Index);
        try
        {
            Apply(entry);
            return new(entry.Index);
        }
        catch (Exception e)
        {
            // Every replica throws here, at this entry, at each start. The log takes it as its end, so nothing after it is applied.
            fault(new(e is UnsupportedFormatException ? ReplicaFaultKind.UnsupportedFormat : ReplicaFaultKind.ApplyFailed, e.Message, e));
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token) => default;

    private void Apply(in LogEntry entry)
    {
        entry.TryGetPayload(out var payload);
        var applied = store.Apply(entry.Index, entry.Term, payload);
        (entry.Context as Batch)?.Applied(entry.Term, applied.Outcomes);
        onApplied(applied);
    }
}
