using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using ThreeNodeCluster;

namespace Membership.Cluster.Tests.Kills;

/// <summary>
/// Workers that each own one node and rotate its key, join and leave. Each knows what its next outcome must be if everything before was
/// applied once: the key version counts the rotations, a second join or leave would be refused.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly ProcessCluster _cluster;
    private readonly NetworkId _network;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<TimeSpan> _acknowledgements = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly Lock _gate = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private readonly List<Task> _workers = [];

    private Load(ProcessCluster cluster, NetworkId network)
    {
        _cluster = cluster;
        _network = network;
    }

    public TimeSpan Clock => _clock.Elapsed;

    public int AcknowledgedCount => _acknowledgements.Count;

    public IReadOnlyCollection<string> Violations => _violations;

    public static async Task<Load> StartAsync(ProcessCluster cluster, int workers)
    {
        var ids = new RequestIds();
        var owner = await cluster.Client.SendAsync(ids.Make(Actor.Admin(), new RegisterNode(FreshKey())));
        var network = await cluster.Client.SendAsync(
            ids.Make(Actor.Admin(), new CreateNetwork { Creator = owner.Results.Node, Name = "load" }));
        var load = new Load(cluster, network.Results.Network);
        for (var i = 0; i < workers; i++) load._workers.Add(load.WorkAsync());
        return load;
    }

    /// <summary>When the first acknowledgement after this moment came.</summary>
    public TimeSpan FirstAcknowledgementAfter(TimeSpan moment) => _acknowledgements.First(at => at > moment);

    /// <summary>Waits for so many acknowledgements from now on.</summary>
    public Task WaitForAcknowledgementsAsync(int count, TimeSpan limit)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) _waiting.Add((AcknowledgedCount + count, reached));
        return reached.Task.WaitAsync(limit);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        var ids = new RequestIds();
        var node = (await SendAsync(ids, new RegisterNode(FreshKey()))).Results.Node;
        for (var version = 2u; !_stop.IsCancellationRequested; version++)
        {
            var rotated = await SendAsync(ids, new RotateNodeKey(node, FreshKey()));
            if (rotated.Results.Number != version)
                _violations.Enqueue($"node {node}: key version {rotated.Results.Number} where {version} was due");
            await SendAsync(ids, new JoinNetwork(node, _network));
            await SendAsync(ids, new LeaveNetwork(node, _network));
        }
    }

    private async Task<Outcome> SendAsync(RequestIds ids, Mutation mutation)
    {
        var settled = ids.Last;
        var outcome = await _cluster.Client.SendAsync(ids.Make(Actor.Admin(), mutation) with { Settled = settled });
        if (!outcome.IsOk) _violations.Enqueue($"{mutation}: {outcome.Code.ToName()}");
        _acknowledgements.Enqueue(_clock.Elapsed);
        lock (_gate)
        {
            foreach (var (_, reached) in _waiting.Where(w => w.Count <= AcknowledgedCount)) reached.TrySetResult();
            _waiting.RemoveAll(w => w.Reached.Task.IsCompleted);
        }

        return outcome;
    }

    private static PublicKey FreshKey() => new(RandomNumberGenerator.GetBytes(PublicKey.Length));
}
