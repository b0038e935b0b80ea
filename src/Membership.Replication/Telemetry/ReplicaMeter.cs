using System.Diagnostics.Metrics;
using Membership.Replication.Hosting;

namespace Membership.Replication.Telemetry;

/// <summary>The instruments of one replica. Whoever has something to measure asks for the instrument here.</summary>
/// <remarks>Thread-safe. Names and units follow OpenTelemetry; the README's table is made from what is said here.</remarks>
internal sealed class ReplicaMeter : IDisposable
{
    /// <summary>From a tenth of a millisecond, a quick apply, to ten seconds, after which every caller has given up.</summary>
    public static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly InstrumentAdvice<int> Mutations = new() { HistogramBucketBoundaries = [0, 1, 4, 16, 64, 256, 1024, 4096] };

    private readonly Meter _meter;

    /// <param name="clusterId">The cluster.</param>
    /// <param name="replicaId">The replica.</param>
    public ReplicaMeter(string clusterId, string replicaId)
    {
        _meter = new(
            MembershipTelemetry.Name,
            MembershipTelemetry.Version,
            [new(MembershipTelemetry.ClusterTag, clusterId), new(MembershipTelemetry.ReplicaTag, replicaId)]);
        Applied = new(_meter);
        CommitDuration = Duration("membership.commit.duration", "From the append of an entry on the leader until a majority has it and it is applied here.");
        CommitBatch = _meter.CreateHistogram("membership.commit.batch", "{mutation}", "Mutations of one entry of the leader.", null, Mutations);
        FsyncDuration = Duration("membership.log.fsync.duration", "A flush or commit of the log that had to wait for the disk.");
        SnapshotDuration = Duration("membership.snapshot.write.duration", "Writing one snapshot, its fsync included.");
        SnapshotFetchDuration = Duration("membership.snapshot.fetch.duration", "Fetching one snapshot from a peer and verifying it.");
        SnapshotBytes = _meter.CreateCounter<long>("membership.snapshot.written", "By", "Bytes of the snapshots written here.");
        WatchConsumers = _meter.CreateUpDownCounter<int>("membership.watch.consumers", "{consumer}", "Who goes through the events now, or waits for one.");
        WatchCutOffs = _meter.CreateCounter<long>(
            "membership.watch.cut_offs", "{consumer}", "Times that a consumer heard that the history it asked for is gone.");
    }

    /// <summary>Makes further instruments, for what is built on a replica.</summary>
    public Meter Meter => _meter;

    /// <summary>Counts what is applied.</summary>
    public AppliedInstruments Applied { get; }

    /// <summary>In seconds.</summary>
    public Histogram<double> CommitDuration { get; }

    /// <summary>In mutations.</summary>
    public Histogram<int> CommitBatch { get; }

    /// <summary>In seconds.</summary>
    public Histogram<double> FsyncDuration { get; }

    /// <summary>In seconds.</summary>
    public Histogram<double> SnapshotDuration { get; }

    /// <summary>In seconds.</summary>
    public Histogram<double> SnapshotFetchDuration { get; }

    /// <summary>In bytes.</summary>
    public Counter<long> SnapshotBytes { get; }

    /// <summary>In consumers.</summary>
    public UpDownCounter<int> WatchConsumers { get; }

    /// <summary>In consumers.</summary>
    public Counter<long> WatchCutOffs { get; }

    /// <summary>Has the gauges read the fields of a replica that runs.</summary>
    public void Observe(ReplicaEngine engine) => ReplicaGauges.Add(_meter, engine);

    /// <summary>Ends every instrument.</summary>
    public void Dispose() => _meter.Dispose();

    /// <summary>A histogram of seconds.</summary>
    public Histogram<double> Duration(string name, string what) => _meter.CreateHistogram(name, "s", what, null, Seconds);
}
