using Membership.Benchmarks.Load;
using Membership.Benchmarks.Replicas;
using Membership.Benchmarks.Reporting;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Cluster;

/// <summary>Three durable replicas under closed-loop clients, in the leader's process and through its wire.</summary>
internal static class ClusterBenchmark
{
    private const string InProcess = "leader";
    private const string Wire = "wire";
    private const int WarmUpClients = 64;

    // The compiler works on what runs often for seconds, with the processor that the replicas want.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<Operation, string> Names = new()
    {
        [Operation.Mutations] = "mutations",
        [Operation.Reads] = "reads",
        [Operation.StaleReads] = "stale",
        [Operation.Mix] = "mix",
    };

    public static async Task<int> RunAsync(Options options)
    {
        await using var cluster = await LoadedCluster.StartAsync(options);
        var cases = (
            from path in new[] { InProcess, Wire }
            where options.Wants(path) || !(options.Wants(InProcess) || options.Wants(Wire))
            from operation in Names.Keys
            where options.Wants(Names[operation]) || !Names.Values.Any(options.Wants)
            from clients in options.Clients(1, 16, 64, 256, 1024)
            select new Case(path, operation, clients)).ToList();
        foreach (var warm in cases.DistinctBy(c => (c.Path, c.Operation)))
            await cluster.RunAsync(warm.Operation, WarmUpClients, WarmUp, warm.Path == Wire);

        // The cases take turns, so that what else runs on the machine meets all of them.
        var rounds = options.Rounds(full: 3, quick: 1);
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var one in cases) one.Runs.Add(await cluster.RunAsync(one.Operation, one.Clients, options.Run, one.Path == Wire));
        }

        Print(cases, rounds, options.Run);
        return 0;
    }

    private static void Print(List<Case> cases, int rounds, TimeSpan run)
    {
        Console.WriteLine();
        Console.WriteLine($"Three processes, fsync on, {rounds} round(s) of {run.TotalSeconds} s: min / median / max. CPU: seconds per 1 000 operations.");
        Console.WriteLine();
        Console.WriteLine("| path | operation | clients | ops/s | p50 ms | p99 ms | CPU leader | CPU follower | CPU clients | disk bytes/op | failed |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var one in cases)
        {
            var disk = one.Operation == Operation.Mutations ? one.Median(r => r.DiskBytesPerOperation).ToString("N0", null) : "";
            var cpu = one.Path == Wire ? one.Median(r => r.CpuOfClients).ToString("0.000", null) : "in the leader";
            Console.WriteLine(
                $"| {one.Path} | {Names[one.Operation]} | {one.Clients} | {one.Rounds(r => r.Load.PerSecond).ToText()} "
                + $"| {one.Median(r => r.Load.P50Ms):0.00} | {one.Median(r => r.Load.P99Ms):0.00} "
                + $"| {one.Median(r => r.CpuOfLeader):0.000} | {one.Median(r => r.CpuOfFollower):0.000} | {cpu} | {disk} | {one.Runs.Sum(r => r.Load.Failed)} |");
        }

        if (cases.SelectMany(one => one.Runs).Select(r => r.Load.FirstFailure).FirstOrDefault(f => f is not null) is { } failure)
            Console.WriteLine($"first failure: {failure}");
    }

    private sealed record Case(string Path, Operation Operation, int Clients)
    {
        public List<ClusterRun> Runs { get; } = [];

        public Spread Rounds(Func<ClusterRun, double> of) => new(Runs.Select(of));

        public double Median(Func<ClusterRun, double> of) => Rounds(of).Median;
    }
}
