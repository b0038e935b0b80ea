using System.Diagnostics;
using System.Diagnostics.Metrics;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Membership.Replication.Log;
using Membership.Replication.Proposals;
using LogEntry = Membership.Replication.Log.LogEntry;

namespace Membership.Replication.Telemetry;

/// <summary>Stands between the log and the state machine and measures each apply. While nobody listens it passes entries on and does nothing.</summary>
internal sealed class MeasuredStateMachine(ILogApplier inner, Histogram<double> duration) : ILogApplier
{
    /// <inheritdoc/>
    public ISnapshot? Snapshot => inner.Snapshot;

    /// <inheritdoc/>
    public ValueTask ApplyAsync(LogEntry entry, CancellationToken token)
    {
        var within = (entry.Context as Batch)?.Entry;
        return within is null && !duration.Enabled ? inner.ApplyAsync(entry, token) : MeasureAsync(entry, within, token);
    }

    /// <inheritdoc/>
    public ValueTask InstallAsync(IRaftLogEntry snapshot, long index, CancellationToken token) => inner.InstallAsync(snapshot, index, token);

    private async ValueTask MeasureAsync(LogEntry entry, Activity? within, CancellationToken token)
    {
        using var apply = within is null ? null : ProposalTrace.Apply(within, entry.Index);
        var began = Stopwatch.GetTimestamp();
        await inner.ApplyAsync(entry, token);
        duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
    }
}
