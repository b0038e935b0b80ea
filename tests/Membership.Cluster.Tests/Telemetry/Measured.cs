using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Membership.Replication.Telemetry;

namespace Membership.Cluster.Tests.Telemetry;

/// <summary>Listens to the meters of one cluster, and sums what each replica counts.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Replica, string Name), double> _sums = [];
    private readonly ConcurrentDictionary<(string Replica, string Name), int> _counts = [];
    private readonly string _clusterId;

    public Measured(string clusterId)
    {
        _clusterId = clusterId;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == MembershipTelemetry.Name && TagOf(instrument, MembershipTelemetry.ClusterTag) == _clusterId)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The sum of all measurements, of a gauge the last one; a name may go on with <c>{value of a tag}</c>.</summary>
    public double Sum(string replica, string name) => _sums.GetValueOrDefault((replica, name));

    /// <summary>How many measurements there were.</summary>
    public int Count(string replica, string name) => _counts.GetValueOrDefault((replica, name));

    /// <summary>Has the gauges read.</summary>
    public void Collect() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private static string? TagOf(Instrument instrument, string tag) => instrument.Meter.Tags?.FirstOrDefault(pair => pair.Key == tag).Value as string;

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var replica = TagOf(instrument, MembershipTelemetry.ReplicaTag)!;
        foreach (var name in tags.IsEmpty ? [instrument.Name] : new[] { instrument.Name, $"{instrument.Name}{{{string.Join(',', tags.ToArray().Select(tag => tag.Value))}}}" })
        {
            _sums.AddOrUpdate((replica, name), value, (_, sum) => instrument.IsObservable ? value : sum + value);
            _counts.AddOrUpdate((replica, name), 1, (_, count) => count + 1);
        }
    }
}
