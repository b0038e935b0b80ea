using System.Diagnostics;
using Membership.Benchmarks.Replicas;
using Membership.Benchmarks.Reporting;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Recovery;

/// <summary>How long nobody's mutation is acknowledged when the leader is killed, and when its links are cut without a word.</summary>
internal sealed class FailoverBenchmark : IAsyncDisposable
{
    private const double Percent = 99;

    private static readonly Figure Kill = new("failover_kill_s", "s", "<=2", "<=1");
    private static readonly Figure Cut = new("failover_cut_s", "s", "<=3", "<=1.5");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CalmBefore = TimeSpan.FromSeconds(1);

    private readonly ReplicaGroup _replicas;
    private readonly Acknowledgements _load;

    private FailoverBenchmark(ReplicaGroup replicas, Acknowledgements load)
    {
        _replicas = replicas;
        _load = load;
    }

    public static async Task<int> RunAsync(Options options)
    {
        var replicas = await ReplicaGroup.StartAsync(options, canBeCut: options.Wants("cut"));
        var leader = await replicas.LeaderAsync();
        await replicas.Processes[leader].AskAsync<bool>("seed", new SeedOrder([], 1 + Acknowledgements.Callers, Acknowledgements.Networks));
        var load = Acknowledgements.Start(Enumerable.Range(0, ReplicaGroup.Count).Select(replicas.WirePortOf));
        await using var benchmark = new FailoverBenchmark(replicas, load);
        var times = options.Rounds(full: 20, quick: 5);
        if (options.Wants("kill")) await RepeatAsync("killed", times, benchmark.KillAsync, Kill);
        if (options.Wants("cut")) await RepeatAsync("cut off", times, benchmark.CutAsync, Cut);
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _load.DisposeAsync();
        await _replicas.DisposeAsync();
    }

    private static async Task RepeatAsync(string what, int times, Func<Task<TimeSpan>> once, Figure figure)
    {
        var outages = new List<double>();
        for (var i = 0; i < times; i++) outages.Add((await once()).TotalSeconds);
        var all = new Spread(outages);
        Console.WriteLine($"leader {what} {times} times, next acknowledgement after: {all.ToText("0.000")} s");
        figure.Print(all.Percentile(Percent));
    }

    private async Task<TimeSpan> KillAsync()
    {
        var leader = await CalmLeaderAsync();
        var start = Stopwatch.GetTimestamp();
        await _replicas.KillAsync(leader);
        var outage = Stopwatch.GetElapsedTime(start, await _load.NextAsync().WaitAsync(Limit));
        await _replicas.RestartAsync(leader);
        return outage;
    }

    private async Task<TimeSpan> CutAsync()
    {
        var leader = await CalmLeaderAsync();
        await _replicas.IsolateAsync(leader);
        var start = Stopwatch.GetTimestamp();
        var outage = Stopwatch.GetElapsedTime(start, await _load.NextAsync().WaitAsync(Limit));
        await _replicas.MendAsync();
        return outage;
    }

    // One leader that all know, everybody caught up, and the load running.
    private async Task<int> CalmLeaderAsync()
    {
        await _replicas.LeaderAsync();
        await _load.NextAsync().WaitAsync(Limit);
        await Task.Delay(CalmBefore);
        return await _replicas.LeaderAsync();
    }
}
