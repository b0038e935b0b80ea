using System.Diagnostics;
using Membership.Benchmarks.Replicas;
using Membership.Benchmarks.Reporting;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Signed;

/// <summary>Signed mutations through the wire, against the rate at which one core checks the same signatures and does nothing else.</summary>
internal sealed class SignedBenchmark : IAsyncDisposable
{
    private const int Connections = 64;
    private const int Networks = 256;
    private const int Ahead = 16;
    private const int WarmUps = 6;
    private const int VerifiedPerNode = 32;

    private static readonly Figure Result = new("signed_vs_ed25519", "x", "0.4", "0.8");

    // The first node owns the networks, so it is a member of all of them already.
    private readonly SigningNode _owner = new(new(1), Networks);
    private readonly List<SigningNode> _nodes = [.. Enumerable.Range(2, Connections).Select(i => new SigningNode(new((uint)i), Networks))];
    private readonly List<BareConnection> _connections = [];
    private readonly BareVerification _verification = new();
    private readonly ReplicaGroup _replicas;
    private readonly TimeSpan _length;

    private SignedBenchmark(ReplicaGroup replicas, TimeSpan length)
    {
        _replicas = replicas;
        _length = length;
    }

    public static async Task<int> RunAsync(Options options)
    {
        await using var benchmark = new SignedBenchmark(await ReplicaGroup.StartAsync(options), options.Run);
        await benchmark.SetUpAsync();
        var rounds = options.Rounds(full: 5, quick: 3);
        var ratios = new List<double>();
        for (var round = 1; round <= rounds; round++) ratios.Add(await benchmark.RunRoundAsync(round));
        Result.Print(new Spread(ratios));
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections) connection.Dispose();
        foreach (var node in _nodes.Prepend(_owner)) node.Dispose();
        await _replicas.DisposeAsync();
    }

    private async Task SetUpAsync()
    {
        var leader = await _replicas.LeaderAsync();
        var keys = _nodes.Prepend(_owner).Select(node => $"{node.PublicKey}").ToArray();
        await _replicas.Processes[leader].AskAsync<bool>("seed", new SeedOrder(keys, 0, Networks));
        foreach (var _ in _nodes) _connections.Add(await BareConnection.OpenAsync(_replicas.WirePortOf(leader)));
        foreach (var node in _nodes)
        {
            // The requests themselves are never sent: these nodes' sequences have a gap there.
            foreach (var envelope in node.Sign(VerifiedPerNode).Envelopes) _verification.Add(node.PublicKey, envelope);
        }

        // Until the code is compiled for speed; it also says how many requests fill a run.
        PerSecond = 2_000;
        for (var i = 0; i < WarmUps; i++) PerSecond = (await SendAsync(Ahead)).PerSecond;
        _verification.Run(_length);
    }

    private double PerSecond { get; set; }

    private async Task<double> RunRoundAsync(int round)
    {
        var checks = _verification.Run(_length);
        var one = await SendAsync(ahead: 1);
        var many = await SendAsync(Ahead);
        PerSecond = many.PerSecond;
        Console.WriteLine(
            $"round {round}: {checks:N0} bare checks a second; signed mutations a second: {one.PerSecond:N0} one at a time, {many.PerSecond:N0} with {Ahead} ahead "
            + $"({many.PerSecond / checks:0.00} of the checks; CPU microseconds a mutation: leader {many.LeaderMicroseconds:N0}, both followers {many.FollowerMicroseconds:N0}, "
            + $"sender {many.SenderMicroseconds:N0})");
        return many.PerSecond / checks;
    }

    private async Task<SignedRun> SendAsync(int ahead)
    {
        var leader = await _replicas.LeaderAsync();
        var each = (int)Math.Max(16, PerSecond * _length.TotalSeconds / Connections) / 2 * 2;
        var batches = _nodes.Select(node => node.Sign(each)).ToList();
        var before = Usage(leader);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(batches.Select((batch, i) => Task.Run(() => _connections[i].SendAsync(batch, ahead))));
        var seconds = clock.Elapsed.TotalSeconds;
        var after = Usage(leader);
        var count = each * Connections;
        return new(
            count / seconds,
            1e6 * (after.Leader - before.Leader) / count,
            1e6 * (after.Followers - before.Followers) / count,
            1e6 * (after.Sender - before.Sender) / count);
    }

    private (double Leader, double Followers, double Sender) Usage(int leader) => (
        _replicas.Processes[leader].Usage().CpuSeconds,
        _replicas.Processes.Where((_, i) => i != leader).Sum(process => process.Usage().CpuSeconds),
        ProcessUsage.Of(Environment.ProcessId).CpuSeconds);

    private sealed record SignedRun(double PerSecond, double LeaderMicroseconds, double FollowerMicroseconds, double SenderMicroseconds);
}
