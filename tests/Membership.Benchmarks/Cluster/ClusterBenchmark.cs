using Membership.Benchmarks.Load;
using Membership.Benchmarks.Peers.Etcd;
using Membership.Benchmarks.Replicas;
using Membership.Benchmarks.Reporting;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Cluster;

/// <summary>Three durable replicas under closed-loop clients, in the leader's process and through its wire, and three members of etcd beside them.</summary>
internal static class ClusterBenchmark
{
    private const string InProcess = "leader";
    private const string Wire = "wire";
    private const string Etcd = "etcd";
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

    private static readonly Dictionary<Operation, EtcdOperation> OfEtcd = new()
    {
        [Operation.Mutations] = EtcdOperation.Put,
        [Operation.Reads] = EtcdOperation.Get,
    };

    public static async Task<int> RunAsync(Options options)
    {
        var version = EtcdGroup.FindVersion();
        var cases = FindCases(options, hasEtcd: version is not null);
        await using var cluster = await LoadedCluster.StartAsync(options);
        await using var etcd = cases.Any(one => one.Path == Etcd) ? await EtcdGroup.StartAsync(options) : null;
        foreach (var warm in cases.DistinctBy(c => (c.Path, c.Operation))) await RunAsync(warm with { Clients = WarmUpClients }, WarmUp);

        // The cases take turns, so that what else runs on the machine meets all of them.
        var rounds = options.Rounds(full: 3, quick: 1);
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var one in cases) one.Runs.Add(await RunAsync(one, options.Run));
        }

        Print(cases, rounds, options.Run);
        if (etcd is not null) Console.WriteLine($"etcd: {version}; its mutations are puts, its reads linearizable gets.");
        if (options.JsonFile is { } file) Write(file, cases, rounds, options.Run, etcd is null ? null : version);
        return 0;

        async Task<ClusterRun> RunAsync(Case one, TimeSpan length) => one.Path == Etcd
            ? new(await etcd!.RunAsync(OfEtcd[one.Operation], one.Clients, length), new(0, 0), new(0, 0), new(0, 0))
            : await cluster.RunAsync(one.Operation, one.Clients, length, one.Path == Wire);
    }

    private static List<Case> FindCases(Options options, bool hasEtcd)
    {
        string[] paths = [InProcess, Wire, Etcd];
        return [.. from path in paths
                   where options.Wants(path) || !paths.Any(options.Wants)
                   from operation in Names.Keys
                   where options.Wants(Names[operation]) || !Names.Values.Any(options.Wants)
                   where path != Etcd || (hasEtcd && OfEtcd.ContainsKey(operation))
                   from clients in options.Clients(1, 16, 64, 256, 1024)
                   select new Case(path, operation, clients)];
    }

    private static void Write(string file, List<Case> cases, int rounds, TimeSpan run, string? etcd)
    {
        var points = cases.Select(one =>
        {
            var rates = one.Rounds(r => r.Load.PerSecond);
            return new LoadPoint(
                one.Path, Names[one.Operation], one.Clients, rates.Min, rates.Median, rates.Max, one.Median(r => r.Load.P50Ms), one.Median(r => r.Load.P99Ms));
        });
        new LoadFigures(DateOnly.FromDateTime(DateTime.UtcNow), HostMachine.Describe(), rounds, run.TotalSeconds, etcd, [.. points]).Write(file);
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
            Console.WriteLine(
                $"| {one.Path} | {Names[one.Operation]} | {one.Clients} | {one.Rounds(r => r.Load.PerSecond).ToText()} "
                + $"| {one.Median(r => r.Load.P50Ms):0.00} | {one.Median(r => r.Load.P99Ms):0.00} "
                + $"| {UsageOf(one)} | {one.Runs.Sum(r => r.Load.Failed)} |");
        }

        if (cases.SelectMany(one => one.Runs).Select(r => r.Load.FirstFailure).FirstOrDefault(f => f is not null) is { } failure)
            Console.WriteLine($"first failure: {failure}");
    }

    // Of etcd's processes nothing is measured here.
    private static string UsageOf(Case one)
    {
        if (one.Path == Etcd) return "| | |";
        var cpu = one.Path == Wire ? one.Median(r => r.CpuOfClients).ToString("0.000", null) : "in the leader";
        var disk = one.Operation == Operation.Mutations ? one.Median(r => r.DiskBytesPerOperation).ToString("N0", null) : "";
        return $"{one.Median(r => r.CpuOfLeader):0.000} | {one.Median(r => r.CpuOfFollower):0.000} | {cpu} | {disk}";
    }

    private sealed record Case(string Path, Operation Operation, int Clients)
    {
        public List<ClusterRun> Runs { get; } = [];

        public Spread Rounds(Func<ClusterRun, double> of) => new(Runs.Select(of));

        public double Median(Func<ClusterRun, double> of) => Rounds(of).Median;
    }
}
