using Membership.Benchmarks.Cluster;
using Membership.Benchmarks.Load;
using Membership.Benchmarks.Peers.Etcd;
using Membership.Benchmarks.Reporting;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Peers;

/// <summary>Three replicas and three members of etcd, taking turns in the same minutes on the same machine: ratios of what they reach.</summary>
internal sealed class PeersBenchmark
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, List<LoadResult>> _runs = [];
    private readonly LoadedCluster _ours;
    private readonly EtcdGroup _etcd;
    private readonly Options _options;

    private PeersBenchmark(LoadedCluster ours, EtcdGroup etcd, Options options)
    {
        _ours = ours;
        _etcd = etcd;
        _options = options;
    }

    public static async Task<int> RunAsync(Options options)
    {
        if (EtcdGroup.FindVersion() is not { } version)
        {
            Console.WriteLine("etcd is not installed (Debian: apt-get install etcd-server); nothing is compared.");
            return 0;
        }

        await using var ours = await LoadedCluster.StartAsync(options);
        await using var etcd = await EtcdGroup.StartAsync(options);
        Console.WriteLine($"compared with {version}");
        await new PeersBenchmark(ours, etcd, options).RunAsync();
        return 0;
    }

    private async Task RunAsync()
    {
        await RunRoundAsync(WarmUp);
        _runs.Clear();
        var rounds = _options.Rounds(full: 5, quick: 3);
        for (var round = 0; round < rounds; round++) await RunRoundAsync(_options.Run);
        PrintRuns(rounds);
        PrintFigures();
    }

    // What is compared stands side by side, so that a busy moment of the machine meets both.
    private async Task RunRoundAsync(TimeSpan length)
    {
        await OursAsync("mutations 256", Operation.Mutations, 256, length);
        await EtcdAsync("put 256", EtcdOperation.Put, 256, length);
        await OursAsync("wire mutations 256", Operation.Mutations, 256, length, isThroughWire: true);
        await EtcdAsync("transaction 256", EtcdOperation.Transaction, 256, length);
        await OursAsync("mutations 1024", Operation.Mutations, 1024, length);
        await EtcdAsync("put 1024", EtcdOperation.Put, 1024, length);
        await OursAsync("mutations 1", Operation.Mutations, 1, length);
        await EtcdAsync("put 1", EtcdOperation.Put, 1, length);
        await OursAsync("reads 64", Operation.Reads, 64, length);
        await EtcdAsync("get 64", EtcdOperation.Get, 64, length);
        await OursAsync("wire reads 64", Operation.Reads, 64, length, isThroughWire: true);
    }

    private async Task OursAsync(string name, Operation operation, int clients, TimeSpan length, bool isThroughWire = false) =>
        Keep(name, (await _ours.RunAsync(operation, clients, length, isThroughWire)).Load);

    private async Task EtcdAsync(string name, EtcdOperation operation, int clients, TimeSpan length) =>
        Keep($"etcd {name}", await _etcd.RunAsync(operation, clients, length));

    private void Keep(string name, LoadResult run)
    {
        if (!_runs.TryGetValue(name, out var runs)) _runs[name] = runs = [];
        runs.Add(run);
        if (run.FirstFailure is { } failure) Console.WriteLine($"{name}: {run.Failed} failed: {failure}");
    }

    private void PrintRuns(int rounds)
    {
        Console.WriteLine();
        Console.WriteLine($"{rounds} rounds of {_options.Run.TotalSeconds} s: min / median / max");
        Console.WriteLine();
        Console.WriteLine("| run, clients | ops/s | p50 ms | p99 ms |");
        Console.WriteLine("|---|---:|---:|---:|");
        foreach (var (name, runs) in _runs)
        {
            Console.WriteLine(
                $"| {name} | {Of(runs, run => run.PerSecond).ToText()} | {Of(runs, run => run.P50Ms).ToText("0.00")} | {Of(runs, run => run.P99Ms).ToText("0.00")} |");
        }

        Console.WriteLine();
    }

    private void PrintFigures()
    {
        Ratio(new("mutations_256_vs_etcd_put", "x", "5", "6.5"), "mutations 256", "etcd put 256", Rate);
        Ratio(new("mutations_1024_vs_etcd_put", "x", "6", "9"), "mutations 1024", "etcd put 1024", Rate);
        Ratio(new("mutations_256_vs_etcd_txn", "x", "18", "25"), "mutations 256", "etcd transaction 256", Rate);
        Ratio(new("wire_256_vs_etcd_put", "x", "2", "4"), "wire mutations 256", "etcd put 256", Rate);
        Ratio(new("p50_1_vs_etcd_put", "x", "<=1.2", "<=0.9"), "mutations 1", "etcd put 1", run => run.P50Ms);
        Ratio(new("p99_256_vs_etcd_put", "x", "<=0.7", "<=0.45"), "mutations 256", "etcd put 256", run => run.P99Ms);
        Ratio(new("reads_64_vs_etcd", "x", "10", "25"), "reads 64", "etcd get 64", Rate);
        Ratio(new("wire_reads_64_vs_etcd", "x", "2", "4"), "wire reads 64", "etcd get 64", Rate);

        static double Rate(LoadResult run) => run.PerSecond;
    }

    private void Ratio(Figure figure, string ours, string theirs, Func<LoadResult, double> of) =>
        figure.Print(new Spread(_runs[ours].Zip(_runs[theirs], (mine, their) => of(mine) / of(their))));

    private static Spread Of(List<LoadResult> runs, Func<LoadResult, double> of) => new(runs.Select(of));
}
