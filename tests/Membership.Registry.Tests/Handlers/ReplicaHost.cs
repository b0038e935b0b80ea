using System.Net;
using System.Net.Sockets;
using Membership.Protocol.Tokens;
using Membership.Replication;

namespace Membership.Registry.Tests.Handlers;

/// <summary>A cluster of one replica on a folder of its own.</summary>
internal sealed class ReplicaHost : IAsyncDisposable
{
    public const string ClusterId = "alpha";

    private ReplicaHost(MembershipReplica replica, string folder, FakeTime time, LogLines log)
    {
        Replica = replica;
        Folder = folder;
        Time = time;
        Log = log;
    }

    public MembershipReplica Replica { get; }

    public string Folder { get; }

    public FakeTime Time { get; }

    public LogLines Log { get; }

    public ClusterSecret Secret { get; } = new([.. Enumerable.Range(1, ClusterSecret.Bytes).Select(i => (byte)i)]);

    public static async Task<ReplicaHost> StartAsync(FakeTime? time = null, Action<MembershipReplicaOptions>? configure = null)
    {
        time ??= new();
        var log = new LogLines();
        var folder = Directory.CreateTempSubdirectory("membership-registry-").FullName;
        var (raft, peers) = FreePorts();
        var options = new MembershipReplicaOptions
        {
            ClusterId = ClusterId,
            ReplicaId = "r1",
            DataFolder = Path.Combine(folder, "data"),
            Bootstrap = true,

            // A sole voter waits for no election; a disk shared with other tests may take its time before it counts as failed.
            ElectionTimeoutMinMs = 1_000,
            ElectionTimeoutMaxMs = 10_000,
        };
        options.Replicas.Add(new("r1", raft, peers));
        configure?.Invoke(options);
        var replica = new MembershipReplica(options, log, time);
        await replica.StartAsync();
        await replica.ReadAsync();
        return new(replica, folder, time, log);
    }

    /// <summary>Handlers with these options; admin tokens are those given, or <see cref="RegistryClient.AdminToken"/>.</summary>
    public RegistryClient Client(RegistryOptions? options = null, params string[] adminTokens)
    {
        options ??= new();
        foreach (var token in adminTokens is [] ? [RegistryClient.AdminToken] : adminTokens)
        {
            if (token.Length > 0) options.AdminTokens.Add(token);
        }

        return new(this, new(Replica, options, Secret, Time, new Logger(Log)));
    }

    public async ValueTask DisposeAsync()
    {
        if (Replica.Fault.IsCompleted) throw new InvalidOperationException($"The replica has stopped: {await Replica.Fault}\n{Log.Text}");
        await Replica.DisposeAsync();
        Secret.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static (IPEndPoint Raft, IPEndPoint Peers) FreePorts()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return ((IPEndPoint)first.LocalEndpoint, (IPEndPoint)second.LocalEndpoint);
    }

    private sealed class Logger(LogLines lines) : Microsoft.Extensions.Logging.Logger<RegistryHandlers>(lines);
}
