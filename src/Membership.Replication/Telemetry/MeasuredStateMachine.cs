using System.Diagnostics;
using System.Diagnostics.Metrics;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Membership.Replication.Proposals;

namespace Membership.Replication.Telemetry;

/// <summary>Stands between the log and the state machine and measures each apply. While nobody listens it passes entries on and does nothing.</summary>
internal sealed class MeasuredStateMachine(IStateMachine inner, Histogram<double> duration) : IStateMachine
{
    /// <inheritdoc/>
    public ISnapshot? Snapshot => inner.Snapshot;

    /// <inheritdoc/>
    public ValueTask<long> ApplyAsync(LogEntry entry, CancellationToken token)
    {
        var within = (entry.Context as Batch)?.Entry;
        return entry.IsSnapshot || (within is null && !duration.Enabled) ? inner.ApplyAsync(entry, token) : MeasureAsync(entry, within, token);
    }

    /// <inheritdoc/>
    public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token) => inner.ReclaimGarbageAsync(watermark, token);

    private async ValueTask<long> MeasureAsync(LogEntry entry, Activity? within, CancellationToken token)
    {
        using var apply = within is null ? null : ProposalTrace.Apply(within, entry.Index);
        var began = Stopwatch.GetTimestamp();
        var index = await inner.ApplyAsync(entry, token);
        duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        return index;
    }
}
