using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Membership.Protocol.Requests;
using Membership.Replication;
using Membership.Replication.Telemetry;

namespace Membership.Registry.Telemetry;

/// <summary>Measures and traces requests, and counts those of each network. Thread-safe.</summary>
/// <remarks>Source: command specification, section 4: the counts of networks are the replica's own, outside the state.</remarks>
internal sealed class RequestInstruments
{
    private readonly Histogram<double> _duration;
    private readonly ConcurrentDictionary<NetworkId, Counted> _ofNetworks = [];

    /// <summary>Adds to the replica's instruments.</summary>
    public RequestInstruments(MembershipReplica replica)
    {
        _duration = replica.Meter.Duration(
            "membership.wire.request.duration", "Handling one request, by `membership.command` and `membership.code`; `watch` waits within it.");
        replica.Meter.Meter.CreateObservableCounter(
            "membership.network.requests", Observe, "{request}", "Answered requests that name a network, by `membership.network.id`.");
    }

    /// <summary>A request begins.</summary>
    public RequestMeasure Begin(Request? request)
    {
        var trace = MembershipTelemetry.Source.StartActivity("membership.request", ActivityKind.Server);
        return new(this, request, trace, trace is not null || _duration.Enabled ? Stopwatch.GetTimestamp() : 0);
    }

    /// <summary>Counts a request of a network, which is there: so there are never more counts than network ids.</summary>
    public void Count(NetworkId network) => Interlocked.Increment(ref _ofNetworks.GetOrAdd(network, static _ => new()).Count);

    private void End(Request? request, Activity? trace, long began, Code? code)
    {
        if (began == 0) return;
        var command = request?.Type ?? "unreadable";
        var name = code?.ToName() ?? "abandoned";
        trace?.SetTag("membership.command", command).SetTag(MembershipTelemetry.CodeTag, name).Dispose();
        if (_duration.Enabled)
        {
            _duration.Record(
                Stopwatch.GetElapsedTime(began).TotalSeconds, new("membership.command", command), new(MembershipTelemetry.CodeTag, name));
        }
    }

    private IEnumerable<Measurement<long>> Observe()
    {
        foreach (var (network, box) in _ofNetworks)
            yield return new(Interlocked.Read(ref box.Count), new KeyValuePair<string, object?>("membership.network.id", (int)network.Value));
    }

    /// <summary>One request under way.</summary>
    internal readonly struct RequestMeasure(RequestInstruments instruments, Request? request, Activity? trace, long began)
    {
        /// <summary>It was answered with this; null when it was given up without an answer.</summary>
        public void End(Code? code) => instruments.End(request, trace, began, code);
    }

    private sealed class Counted
    {
        public long Count;
    }
}
