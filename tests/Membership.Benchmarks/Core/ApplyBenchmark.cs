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

    private static Spread RunRounds(Memberships memberships, int rounds)
    {
        var rates = new List<double>();
        for (var round = 1; round <= rounds; round++)
        {
            rates.Add(RunRound(memberships, out var allocated, out var others));
            Console.WriteLine($"round {round}: {rates[^1]:N0} a second; {allocated:N0} bytes a mutation with its making; other threads add {others:P0}");
        }

        return new(rates);
    }

    private static double RunRound(Memberships memberships, out double allocated, out double others)
    {
        var (leaves, joins) = memberships.LeaveAndJoin(MutationsEach);
        var count = leaves.Count + joins.Count;
        var (bytes, process, thread) = (GC.GetTotalAllocatedBytes(), ProcessTime, ThreadTime.Now);
        var applying = memberships.World.Apply(leaves) + memberships.World.Apply(joins);
        allocated = (double)(GC.GetTotalAllocatedBytes() - bytes) / count;

        // Other threads work for the making of the mutations, too: the apply gets its share of them.
        others = Math.Max(0, (ProcessTime - process) / (ThreadTime.Now - thread) - 1);
        return count / (applying.TotalSeconds * (1 + others));
    }

    private static TimeSpan ProcessTime
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.TotalProcessorTime;
        }
    }
}
