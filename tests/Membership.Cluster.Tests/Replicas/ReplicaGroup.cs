using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Membership.Cluster.Tests.Canaries;
using Membership.Replication;
using Membership.Replication.Disk;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

/// <summary>Replicas of one cluster in this process, each with its folder and its ports, to be started, stopped and wiped at will.</summary>
internal sealed class ReplicaGroup : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    // Replicas start side by side, and each enters itself when it is up.
    private readonly ConcurrentDictionary<string, MembershipReplica> _running = new();
    private readonly List<ReplicaAddress> _addresses = [];
    private readonly Dictionary<string, ReplicaAddress[]> _listOf = [];

    public ReplicaGroup(ITestOutputHelper output, int count, string clusterId = "alpha")
    {
        Log = new(output);
        ClusterId = clusterId;
        _addresses.AddRange(NewAddresses([.. Enumerable.Range(1, count).Select(i => $"r{i}")]));
    }

    public TestLog Log { get; }

    public string ClusterId { get; }

    /// <summary>Changes the options of every replica that is started from now on.</summary>
    public Action<MembershipReplicaOptions>? Configure { get; set; }

    /// <summary>Each replica's clock.</summary>
    public Dictionary<string, SkewedTime> Clocks { get; } = [];

    /// <summary>The disk under each replica's log.</summary>
    public ConcurrentDictionary<string, DiskFaults> Disks { get; } = new();

    /// <summary>The links between them.</summary>
    public LinkFaults Links { get; } = new();

    /// <summary>The first members.</summary>
    public IReadOnlyList<ReplicaAddress> Addresses => _addresses;

    public IReadOnlyCollection<MembershipReplica> Running => [.. _running.Values];

    public MembershipReplica this[string id] => _running[id];

    public string FolderOf(string id) => _folder[id];

    public MembershipReplicaOptions OptionsOf(string id, bool bootstrap = true)
    {
        var options = new MembershipReplicaOptions
        {
            ClusterId = ClusterId,
            ReplicaId = id,
            DataFolder = FolderOf(id),
            Bootstrap = bootstrap,
            ElectionTimeoutMinMs = 500,
            ElectionTimeoutMaxMs = 1000,
            DiskFaults = Disks.GetOrAdd(id, _ => new()),
        };
        foreach (var address in _listOf.GetValueOrDefault(id) ?? [.. _addresses]) options.Replicas.Add(address);
        Configure?.Invoke(options);
        return options;
    }

    public async Task<MembershipReplica> StartAsync(string id, bool bootstrap = true)
    {
        var replica = new MembershipReplica(OptionsOf(id, bootstrap), Log.For(id), Clocks[id]);
        await replica.StartAsync();
        Assert.True(_running.TryAdd(id, replica));
        return replica;
    }

    /// <summary>A further replica on ports of its own, that knows one other by its options; nobody's options know it.</summary>
    public ReplicaAddress NewReplica(string id, ReplicaAddress other)
    {
        var address = NewAddresses(id).Single();
        _listOf[id] = [address, other];
        return address;
    }

    /// <summary>The address of one of the first members.</summary>
    public ReplicaAddress AddressOf(string id) => _addresses.Single(address => address.Id == id);

    public Task StartAllAsync() => Task.WhenAll(_addresses.Select(address => StartAsync(address.Id)));

    public async Task StopAsync(string id)
    {
        await _running[id].StopAsync();
        _running.TryRemove(id, out _);
    }

    public void Wipe(string id) => Directory.Delete(FolderOf(id), recursive: true);

    /// <summary>The replica that leads, once there is one.</summary>
    public async Task<MembershipReplica> LeaderAsync()
    {
        await Wait.UntilAsync(() => Running.Any(IsLeader), "a leader");
        return Running.First(IsLeader);
    }

    /// <summary>A replica that follows a known leader.</summary>
    public async Task<MembershipReplica> FollowerAsync()
    {
        await LeaderAsync();
        await Wait.UntilAsync(() => Running.Any(IsFollowing), "a follower");
        return Running.First(IsFollowing);
    }

    /// <summary>Returns when all running replicas hold the same state at this revision or a later one.</summary>
    public Task AgreeAsync(ulong revision) => Wait.UntilAsync(
        () => Running.All(r => r.Status.Revision >= revision) && Running.Select(r => r.Status.Digest).Distinct().Count() == 1,
        $"agreement at revision {revision}");

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Running.Select(replica => replica.StopAsync().AsTask()));
        _folder.Dispose();
    }

    private IEnumerable<ReplicaAddress> NewAddresses(params string[] ids)
    {
        var ports = FreePorts(2 * ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            Clocks.Add(ids[i], new());
            yield return new(ids[i], new IPEndPoint(IPAddress.Loopback, ports[2 * i]), new IPEndPoint(IPAddress.Loopback, ports[2 * i + 1]));
        }
    }

    /// <summary>Ports that are free now.</summary>
    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Stop();
        return ports;
    }

    private static bool IsLeader(MembershipReplica replica) => replica.Status.Role == ReplicaRole.Leader;

    private static bool IsFollowing(MembershipReplica replica) => replica.Status is { Role: ReplicaRole.Follower, Leader: not null };
}
