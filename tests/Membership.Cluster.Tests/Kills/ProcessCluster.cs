using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using ThreeNodeCluster;

namespace Membership.Cluster.Tests.Kills;

/// <summary>Three replicas as processes on loopback, with a client that knows all of them.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private static readonly string[] AllIds = ["a", "b", "c"];
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(50);

    private readonly string _folder = Directory.CreateTempSubdirectory("membership-kills-").FullName;
    private readonly string _clusterId;
    private readonly SortedDictionary<string, ReplicaPorts> _ports = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ReplicaProcess> _processes = new(StringComparer.Ordinal);

    private readonly string[] _more;

    private ProcessCluster(string clusterId, string[] more)
    {
        _clusterId = clusterId;
        _more = more;
        Client = new(clusterId);
    }

    public ClusterClient Client { get; }

    public IEnumerable<string> Ids => _ports.Keys;

    /// <summary>Starts all three, with more arguments than they need if any are given.</summary>
    public static async Task<ProcessCluster> StartAsync(string clusterId, params string[] more)
    {
        var cluster = new ProcessCluster(clusterId, more);
        await File.WriteAllBytesAsync(Path.Combine(cluster._folder, "secret"), RandomNumberGenerator.GetBytes(32));
        foreach (var (id, ports) in AllIds.Zip(ReplicaPorts.Free(AllIds.Length))) cluster._ports[id] = ports;
        foreach (var id in cluster.Ids)
        {
            cluster.Start(id, bootstrap: true);
            cluster.Client.Add(id, cluster._ports[id].Peer);
        }

        return cluster;
    }

    /// <summary>Where a replica serves clients.</summary>
    public IPEndPoint WireOf(string id) => _ports[id].Wire;

    public int ProcessIdOf(string id) => _processes[id].ProcessId;

    public Task KillAsync(string id) => _processes[id].KillAsync();

    public void Restart(string id) => Start(id, bootstrap: false);

    /// <summary>Waits until all replicas have applied the same index, and answers their digests.</summary>
    public async Task<IReadOnlyList<string>> WaitForEqualDigestsAsync(TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var statuses = await Task.WhenAll(Ids.Select(Client.StatusOfAsync));
            if (statuses.All(s => s is not null) && statuses.DistinctBy(s => s!.AppliedIndex).Count() == 1)
                return [.. statuses.Select(s => Convert.ToHexStringLower(s!.Digest))];
            if (clock.Elapsed > limit)
                throw new TimeoutException($"No equal indices: {string.Join("; ", statuses.Select(s => $"{s?.ReplicaId} {s?.AppliedIndex}"))}");
            await Task.Delay(PollPause);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        foreach (var process in _processes.Values) await process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void Start(string id, bool bootstrap)
    {
        List<string> arguments =
        [
            "--id", id, "--cluster", _clusterId, "--replicas", ReplicaPorts.List(_ports), "--data", Path.Combine(_folder, id),
            "--secret-file", Path.Combine(_folder, "secret"), "--snapshot-bytes", "1048576", "--election-ms", "500-1000",
            "--listen-wire", $"{WireOf(id)}", .. _more,
        ];
        if (bootstrap) arguments.Add("--bootstrap");
        _processes[id] = ReplicaProcess.Start(id, Path.Combine(_folder, id), arguments);
    }
}
