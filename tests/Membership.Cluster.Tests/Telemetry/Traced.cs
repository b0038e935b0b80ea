using System.Collections.Concurrent;
using System.Diagnostics;
using Membership.Replication.Telemetry;

namespace Membership.Cluster.Tests.Telemetry;

/// <summary>Listens to every activity of this process and keeps those that have ended.</summary>
internal sealed class Traced : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _ended = [];

    public Traced()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == MembershipTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Those of a trace that have ended, in the order in which they began.</summary>
    public Activity[] Of(ActivityTraceId trace) => [.. _ended.Where(activity => activity.TraceId == trace).OrderBy(activity => activity.StartTimeUtc)];

    /// <summary>All that have ended under a name.</summary>
    public Activity[] Named(string name) => [.. _ended.Where(activity => activity.OperationName == name)];

    public void Dispose() => _listener.Dispose();
}
