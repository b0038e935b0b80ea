using System.Buffers;
using System.Diagnostics;
using Membership.Benchmarks.Reporting;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Core;

/// <summary>
/// Mutations applied in a second of one core, sessions and digest on, at a million memberships and at random places among them. Making and
/// encoding the mutations is not in it; what the collector's own threads take is.
/// </summary>
internal static class ApplyBenchmark
{
    private const int MutationsEach = 100_000;

    private static readonly Figure Result = new("apply_per_s", "1/s", "400000", "1000000");

    public static int Run(Options options)
    {
        var memberships = new Memberships();
        var building = memberships.JoinAll();
        Console.WriteLine($"{memberships.World.State.MemberCount} memberships, built at {Memberships.JoinCount / building.TotalSeconds:N0} joins a second");
        var rounds = options.Rounds(full: 7, quick: 3);
        memberships.World.IsReadBetween = true;
        var read = RunRounds(memberships, rounds);
        memberships.World.IsReadBetween = false;
        var unread = RunRounds(memberships, rounds);
        Console.WriteLine($"with a reader after each entry: {read.ToText()} a second");
        Result.Print(unread);
        return 0;
    }

    // All entries are made before the first is applied: making them costs more garbage than applying does, and the collector knows no
    // difference. From then on it has what applying leaves behind, from round to round. The first round does not count: in it each node that
    // readers may have seen is copied, once, and the compiler is still at work.
    private static Spread RunRounds(Memberships memberships, int count)
    {
        var rounds = Enumerable.Range(0, count + 1).Select(_ => MakeRound(memberships)).ToArray();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var rates = new List<double>();
        foreach (var round in rounds)
        {
            var full = GC.CollectionCount(GC.MaxGeneration);
            rates.Add(Run(memberships, round, out var allocated, out var others));
            full = GC.CollectionCount(GC.MaxGeneration) - full;
            Console.WriteLine($"{rates[^1]:N0} a second; {allocated:N0} bytes a mutation; other threads add {others:P0}; {full} full collections");
        }

        return new(rates.Skip(1));
    }

    private static Round MakeRound(Memberships memberships)
    {
        var (leaves, joins) = memberships.LeaveAndJoin(MutationsEach);
        return new(memberships.World.EncodeAll(leaves.Concat(joins)), leaves.Count + joins.Count);
    }

    private static double Run(Memberships memberships, Round round, out double allocated, out double others)
    {
        var (bytes, process, thread, applying) = (GC.GetTotalAllocatedBytes(), ProcessTime, ThreadTime.Now, TimeSpan.Zero);
        foreach (var entry in round.Entries) applying += memberships.World.Apply(entry);
        allocated = (double)(GC.GetTotalAllocatedBytes() - bytes) / round.Count;
        others = Math.Max(0, (ProcessTime - process) / (ThreadTime.Now - thread) - 1);
        return round.Count / (applying.TotalSeconds * (1 + others));
    }

    private static TimeSpan ProcessTime
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.TotalProcessorTime;
        }
    }

    private sealed record Round(List<ReadOnlySequence<byte>> Entries, int Count);
}
