using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Membership.Protocol.Tokens;
using Membership.Replication;

namespace Membership.Registry.Tests.Handlers;

/// <summary>A cluster of one replica on a folder of its own.</summary>
internal sealed class ReplicaHost : IAsyncDisposable
{
    private const int CopiesMax = 10;

    public const string ClusterId = "alpha";

    private readonly MembershipReplicaOptions _options;

    private ReplicaHost(MembershipReplica replica, MembershipReplicaOptions options, string folder, FakeTime time, LogLines log)
    {
        _options = options;
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

    public static Task<ReplicaHost> StartAsync(
        FakeTime? time = null, Limits? limits = null, Action<MembershipReplicaOptions>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("membership-registry-").FullName;
        var (raft, peers) = FreePorts();
        var options = OptionsIn(folder);
        options.Bootstrap = true;
        options.Limits = limits ?? options.Limits;
        options.Replicas.Add(new("r1", raft, peers));
        configure?.Invoke(options);
        return StartAsync(options, folder, time ?? new());
    }

    /// <summary>The same cluster from the files as they are at this moment, as after a crash; this replica is gone.</summary>
    public async Task<ReplicaHost> CrashAsync()
    {
        var copy = await CopyAsync();
        await DisposeAsync();
        var options = OptionsIn(copy);
        options.Limits = _options.Limits;
        options.Replicas.Add(_options.Replicas[0]);
        return await StartAsync(options, copy, Time);
    }

    // The program cp does not ask for the locks that the replica holds on its files. It fails when a file gets its name while it is at it, and
    // then what it has is of no one moment.
    private async Task<string> CopyAsync()
    {
        var problem = "";
        for (var attempt = 0; attempt < CopiesMax; attempt++)
        {
            var copy = Directory.CreateTempSubdirectory("membership-registry-").FullName;
            using var copying = Process.Start(new ProcessStartInfo("cp", ["-r", Path.Combine(Folder, "data"), copy]) { RedirectStandardError = true })!;
            problem = await copying.StandardError.ReadToEndAsync();
            await copying.WaitForExitAsync();
            if (copying.ExitCode == 0) return copy;
            Directory.Delete(copy, recursive: true);
        }

        throw new InvalidOperationException($"The folder cannot be copied: {problem}");
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

    private static MembershipReplicaOptions OptionsIn(string folder) => new()
    {
        ClusterId = ClusterId,
        ReplicaId = "r1",
        DataFolder = Path.Combine(folder, "data"),

        // A sole voter waits for no election; a disk shared with other tests may take its time before it counts as failed.
        ElectionTimeoutMinMs = 1_000,
        ElectionTimeoutMaxMs = 10_000,
    };

    private static async Task<ReplicaHost> StartAsync(MembershipReplicaOptions options, string folder, FakeTime time)
    {
        var log = new LogLines();
        var replica = new MembershipReplica(options, log, time);
        await replica.StartAsync();
        await replica.ReadAsync();
        return new(replica, options, folder, time, log);
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
