using Membership.Benchmarks.Load;
using Membership.Benchmarks.Replicas;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Cluster;

/// <summary>Three replicas with nodes and networks in them, and a process of clients.</summary>
internal sealed class LoadedCluster : IAsyncDisposable
{
    private const int Networks = 256;
    private const int ClientsMax = 1024;

    private readonly ReplicaGroup _replicas;
    private readonly ChildProcess _clients;

    private LoadedCluster(ReplicaGroup replicas, ChildProcess clients)
    {
        _replicas = replicas;
        _clients = clients;
    }

    public static async Task<LoadedCluster> StartAsync(Options options)
    {
        var replicas = await ReplicaGroup.StartAsync(options);
        var clients = ChildProcess.Start("clients", LoadProcess.Mode, new());
        await clients.ReadyAsync<bool>();
        var leader = replicas.Processes[await replicas.LeaderAsync()];
        await leader.AskAsync<bool>("seed", new SeedOrder([], 1 + ClientsMax * (ReplicaGroup.Count + 1), Networks));
        return new(replicas, clients);
    }

    /// <summary>Carries out one run, on whichever replica leads.</summary>
    public async Task<ClusterRun> RunAsync(Operation operation, int clients, TimeSpan length, bool isThroughWire)
    {
        var leader = await _replicas.LeaderAsync();
        // Each process has nodes of its own, the first after the owner of the networks.
        var place = isThroughWire ? ReplicaGroup.Count : leader;
        var order = new LoadOrder(
            operation, clients, length.TotalSeconds, (uint)(2 + place * ClientsMax), Networks, _replicas.WirePortOf(leader));
        var before = Measure(leader);
        var load = await (isThroughWire ? _clients : _replicas.Processes[leader]).AskAsync<LoadResult>("load", order);
        var after = Measure(leader);
        return new(load, after.Leader - before.Leader, after.Followers - before.Followers, after.Clients - before.Clients);
    }

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();
        await _replicas.DisposeAsync();
    }

    private (ProcessUsage Leader, ProcessUsage Followers, ProcessUsage Clients) Measure(int leader)
    {
        var followers = _replicas.Processes.Where((_, i) => i != leader).Select(process => process.Usage()).ToList();
        return (
            _replicas.Processes[leader].Usage(),
            new(followers.Sum(f => f.CpuSeconds), followers.Sum(f => f.BytesToDisk)),
            _clients.Usage());
    }
}
