using System.Net;
using Membership.Cluster.Tests.Replicas;
using Membership.Protocol.Tokens;
using Membership.Registry;
using Membership.Registry.Wire;
using Membership.Replication;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Wire;

/// <summary>Three replicas in this process, each of which serves clients on a port of its own.</summary>
internal sealed class ServedGroup : IAsyncDisposable
{
    public const string AdminToken = "the-admin-token";

    private readonly ClusterSecret _secret = new([.. Enumerable.Range(1, ClusterSecret.Bytes).Select(i => (byte)i)]);
    private readonly Dictionary<string, RegistryServer> _servers = [];
    private readonly Action<RegistryOptions>? _configure;
    private readonly WireOptions? _wire;

    private ServedGroup(ReplicaGroup replicas, Action<RegistryOptions>? configure, WireOptions? wire) =>
        (Replicas, _configure, _wire) = (replicas, configure, wire);

    public ReplicaGroup Replicas { get; }

    /// <summary>Starts them, and returns when there is a leader that the others follow.</summary>
    public static async Task<ServedGroup> StartAsync(
        ITestOutputHelper output, Action<RegistryOptions>? configure = null, WireOptions? wire = null, Action<MembershipReplicaOptions>? replicas = null)
    {
        var group = new ServedGroup(new(output, 3), configure, wire);
        group.Replicas.Configure = options =>
        {
            options.LinkFaults = group.Replicas.Links;
            replicas?.Invoke(options);
        };
        await group.Replicas.StartAllAsync();
        await group.Replicas.LeaderAsync();
        foreach (var replica in group.Replicas.Running) await group.ServeAsync(replica);
        await Wait.UntilAsync(() => group.Replicas.Running.All(replica => replica.Status.Leader is not null), "all to know the leader");
        return group;
    }

    public RegistryServer ServerOf(MembershipReplica replica) => _servers[replica.Status.ReplicaId];

    public Task<WireClient> ConnectAsync(MembershipReplica replica) => WireClient.ConnectAsync(ServerOf(replica).EndPoint, Replicas.ClusterId);

    /// <summary>Stops a replica and what it serves.</summary>
    public async Task StopAsync(string id)
    {
        if (_servers.Remove(id, out var server)) await server.DisposeAsync();
        await Replicas.StopAsync(id);
    }

    /// <summary>Starts one that was stopped, at another port for clients.</summary>
    public async Task<MembershipReplica> StartAsync(string id)
    {
        var replica = await Replicas.StartAsync(id, bootstrap: false);
        await ServeAsync(replica);
        return replica;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values) await server.DisposeAsync();
        await Replicas.DisposeAsync();
        _secret.Dispose();
    }

    private async Task ServeAsync(MembershipReplica replica)
    {
        var id = replica.Status.ReplicaId;
        var options = new RegistryOptions { AdminTokens = { AdminToken }, Registration = RegistrationMode.Proof };
        _configure?.Invoke(options);
        var handlers = new RegistryHandlers(replica, options, _secret, Replicas.Clocks[id]);
        var server = new RegistryServer(handlers, _wire ?? new() { EndPoint = new(IPAddress.Loopback, 0) }, Replicas.Log.For(id));
        await server.StartAsync();
        _servers[id] = server;
    }
}
