namespace Membership.Benchmarks.Core;

/// <summary>
/// Shows that the cost of a mutation does not grow with what the state holds: the time of each at growing sizes, the fastest of some
/// rounds, and the ratio of the slowest size to the fastest, which must stay within 3.
/// </summary>
internal static class ScaleBenchmark
{
    private const double RatioMax = 3;
    private const int Rounds = 7;

    public static int Run(bool quick)
    {
        var operations = quick ? 512 : 4_096;
        var measurements = new List<Series>
        {
            new("members", [100, 1_000, 10_000, 100_000], size => new MemberWorld(size, operations)),
            new("networks", [10, 1_000, 10_000, 60_000], size => new NetworkWorld(size, operations)),
            new("pending invites", [0, 1_000, 10_000, 100_000], size => new InviteWorld(size, operations)),
        };
        Warm(measurements);
        var worst = measurements.Max(Report);
        Console.WriteLine($"worst ratio {worst:F2}, must {RatioMax:F0}");
        return worst <= RatioMax ? 0 : 1;
    }

    private static void Warm(List<Series> all)
    {
        // Tiered compilation: the first rounds run code that is not optimized yet.
        foreach (var series in all)
        {
            for (var i = 0; i < Rounds; i++) series.Make(series.Sizes[1]).Measure();
        }
    }

    private static double Report(Series series)
    {
        Console.WriteLine();
        Console.WriteLine($"| microseconds a mutation, by {series.Of} | {string.Join(" | ", series.Sizes)} | ratio |");
        Console.WriteLine($"|---|{string.Concat(series.Sizes.Select(_ => "---:|"))}---:|");
        var bySize = FastestBySize(series);
        var worst = 0.0;
        foreach (var operation in bySize[0].Keys)
        {
            var times = bySize.Select(result => result[operation]).ToList();
            var ratio = times.Max() / times.Min();
            worst = Math.Max(worst, ratio);
            Console.WriteLine($"| {operation} | {string.Join(" | ", times.Select(t => $"{t:F2}"))} | {ratio:F2} |");
        }

        return worst;
    }

    // The sizes take turns, and the fastest round of each counts: what else runs on the machine only ever adds time.
    private static List<Dictionary<string, double>> FastestBySize(Series series)
    {
        var worlds = series.Sizes.Select(series.Make).ToList();
        var fastest = worlds.Select(world => world.Measure()).ToList();
        for (var round = 1; round < Rounds; round++)
        {
            for (var i = 0; i < worlds.Count; i++)
            {
                foreach (var (operation, time) in worlds[i].Measure())
                    fastest[i][operation] = Math.Min(fastest[i][operation], time);
            }
        }

        return fastest;
    }

    private sealed record Series(string Of, int[] Sizes, Func<int, IScaleWorld> Make);
}

/// <summary>A state of some size on which a round of operations can be measured, and which is as large after the round.</summary>
internal interface IScaleWorld
{
    /// <summary>Microseconds a mutation, by operation.</summary>
    Dictionary<string, double> Measure();
}
