using System.Buffers;
using System.Diagnostics;
using Membership.Benchmarks.Reporting;
using Membership.Benchmarks.Running;
using Membership.Replication.Snapshots;
using Membership.State;

namespace Membership.Benchmarks.Core;

/// <summary>
/// How much longer a mutation waits to be applied while a snapshot of a million memberships is written: 20 000 mutations a second arrive,
/// an entry each millisecond, and the latest of them counts, with and without a snapshot in turn.
/// </summary>
internal sealed class PauseBenchmark
{
    private const int EntriesPerSecond = 1_000;
    private const int MutationsPerEntry = 20;

    private static readonly Figure Result = new("snapshot_pause_ms", "ms", "<=20", "<=5");

    private readonly Memberships _memberships;
    private readonly MembershipStore _store;
    private readonly SnapshotStore _snapshots;
    private long _index;

    private PauseBenchmark(Memberships memberships, SnapshotStore snapshots)
    {
        _memberships = memberships;
        _index = memberships.World.State.AppliedIndex;
        _store = new(memberships.World.State);
        _snapshots = snapshots;
    }

    public static int Run(Options options)
    {
        var folder = options.MakeFolder();
        try
        {
            var memberships = Memberships.Make();
            using var snapshots = new SnapshotStore(Path.Combine(folder.FullName, "snapshots"), memberships.World.State.ClusterId);
            new PauseBenchmark(memberships, snapshots).Run(options.Rounds(full: 7, quick: 3));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private void Run(int rounds)
    {
        // The first snapshot is the slowest, and so says how long a run must be for the others, busy as they are.
        var writing = Stopwatch.StartNew();
        _snapshots.WriteAsync(_store.Current).GetAwaiter().GetResult();
        var length = TimeSpan.FromSeconds(Math.Ceiling(2 + 3 * writing.Elapsed.TotalSeconds));
        Console.WriteLine($"a snapshot alone takes {writing.Elapsed.TotalSeconds:0.00} s; runs of {length.TotalSeconds} s");
        RunOnce(length, withSnapshot: true);
        var pauses = new List<double>();
        for (var round = 1; round <= rounds; round++)
        {
            var without = RunOnce(length, withSnapshot: false);
            var with = RunOnce(length, withSnapshot: true);
            Console.WriteLine(
                $"round {round}: latest apply {without.Latest.TotalMilliseconds:0.0} ms without a snapshot, {with.Latest.TotalMilliseconds:0.0} ms with one; "
                + $"the collector held all threads for {without.Collector.TotalMilliseconds:0} and {with.Collector.TotalMilliseconds:0} ms together");
            pauses.Add((with.Latest - without.Latest).TotalMilliseconds);
        }

        Result.Print(new Spread(pauses));
    }

    private (TimeSpan Latest, TimeSpan Collector) RunOnce(TimeSpan length, bool withSnapshot)
    {
        var entries = MakeEntries((int)(length.TotalSeconds * EntriesPerSecond));
        GC.Collect();
        var collector = GC.GetTotalPauseDuration();
        var snapshot = Task.CompletedTask;
        var latest = TimeSpan.Zero;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < entries.Count; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / EntriesPerSecond);
            // Asleep and not spinning: on a few cores the snapshot and the collector want them, too.
            while (clock.Elapsed < due) Thread.Sleep(1);
            if (withSnapshot && i == entries.Count / 8) snapshot = _snapshots.WriteAsync(_store.Current);
            Apply(entries[i]);
            latest = TimeSpan.FromTicks(Math.Max(latest.Ticks, (clock.Elapsed - due).Ticks));
        }

        if (!snapshot.IsCompleted) Console.WriteLine("the snapshot outlasted the run");
        snapshot.GetAwaiter().GetResult();
        return (latest, GC.GetTotalPauseDuration() - collector);
    }

    private void Apply(in ReadOnlySequence<byte> entry)
    {
        foreach (var outcome in _store.Apply(++_index, 1, entry).Outcomes)
        {
            if (!outcome.IsOk) throw new InvalidOperationException($"{outcome.Code}");
        }
    }

    private List<ReadOnlySequence<byte>> MakeEntries(int count)
    {
        var (leaves, joins) = _memberships.LeaveAndJoin(count * MutationsPerEntry / 2);
        return _memberships.World.EncodeAll(leaves.Concat(joins), MutationsPerEntry);
    }
}
