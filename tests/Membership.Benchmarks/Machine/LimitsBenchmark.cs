using Membership.Benchmarks.Cluster;
using Membership.Benchmarks.Load;
using Membership.Benchmarks.Reporting;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Machine;

/// <summary>What disk, loopback and the Raft package allow here, and how much of the last a replica makes use of.</summary>
internal static class LimitsBenchmark
{
    private const int Callers = 256;

    private static readonly Figure Share = new("share_of_bare_package", "%", "60", "85");
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(Options options)
    {
        var rounds = options.Rounds(full: 5, quick: 3);
        if (options.Wants("disk")) MeasureDisk(options, rounds);
        if (options.Wants("loopback")) await MeasureLoopbackAsync(options, rounds);
        if (options.Wants("package")) await MeasurePackageAsync(options, rounds);
        return 0;
    }

    private static void MeasureDisk(Options options, int rounds)
    {
        var folder = options.MakeFolder();
        try
        {
            var rates = Enumerable.Range(0, rounds).Select(_ => DiskLimit.Run(folder, options.Run)).ToList();
            Console.WriteLine($"4 KiB appended with fdatasync: {new Spread(rates).ToText()} a second");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureLoopbackAsync(Options options, int rounds)
    {
        await using var loopback = await LoopbackLimit.StartAsync();
        await loopback.RunAsync(16, WarmUp);
        foreach (var connections in new[] { 1, 16 })
        {
            var rates = new List<double>();
            for (var round = 0; round < rounds; round++) rates.Add((await loopback.RunAsync(connections, options.Run)).PerSecond);
            Console.WriteLine($"loopback round trips on {connections} connection(s): {new Spread(rates).ToText()} a second");
        }
    }

    private static async Task MeasurePackageAsync(Options options, int rounds)
    {
        await using var bare = await BareRaftGroup.StartAsync(options);
        await using var ours = await LoadedCluster.StartAsync(options);
        await bare.RunAsync(Callers, WarmUp);
        await ours.RunAsync(Operation.Mutations, Callers, WarmUp, isThroughWire: false);
        var (bareRates, ourRates) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            bareRates.Add((await bare.RunAsync(Callers, options.Run)).PerSecond);
            ourRates.Add((await ours.RunAsync(Operation.Mutations, Callers, options.Run, isThroughWire: false)).Load.PerSecond);
        }

        Console.WriteLine($"bare package, {Callers} callers, commands of 100 bytes: {new Spread(bareRates).ToText()} a second");
        Console.WriteLine($"replicas, {Callers} callers, mutations: {new Spread(ourRates).ToText()} a second");
        Share.Print(new Spread(ourRates.Zip(bareRates, (mine, theirs) => 100 * mine / theirs)));
    }
}
