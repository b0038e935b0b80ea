using System.Security.Cryptography;
using Membership.Client;
using ThreeNodeCluster;
using Xunit;

namespace Membership.EndToEnd.Running;

/// <summary>Three replicas of the sample as processes on loopback, started once for all tests that ask a cluster.</summary>
public sealed class RunningCluster : IAsyncLifetime
{
    internal const string Name = "a running cluster";
    internal const string ClusterId = "tool";

    internal const string AdminToken = "the admins of this test";

    /// <summary>The replica whose page demands an admin token.</summary>
    internal const string Guarded = "c";

    private static readonly string[] Ids = ["a", "b", "c"];
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly SortedDictionary<string, ReplicaPorts> _ports = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _pages = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ReplicaProcess> _processes = new(StringComparer.Ordinal);
    private int _files;

    /// <summary>For what tests write.</summary>
    internal string Folder { get; } = Directory.CreateTempSubdirectory("membership-tool-").FullName;

    /// <summary>A client of all replicas, as admin: tests prepare by it what the tool is to find.</summary>
    internal MembershipClient Client { get; private set; } = null!;

    /// <summary>All replicas, as the tool takes them.</summary>
    internal string EndPoints => string.Join(',', _ports.Values.Select(ports => ports.Wire));

    /// <summary>The file with the admin token.</summary>
    internal string TokenFile => Path.Combine(Folder, "tokens");

    public async Task InitializeAsync()
    {
        await File.WriteAllBytesAsync(Path.Combine(Folder, "secret"), RandomNumberGenerator.GetBytes(32));
        await File.WriteAllTextAsync(TokenFile, AdminToken + "\n");
        foreach (var (id, ports) in Ids.Zip(ReplicaPorts.Free(Ids.Length))) _ports[id] = ports;
        foreach (var (id, ports) in Ids.Zip(ReplicaPorts.Free(Ids.Length))) _pages[id] = ports.Wire.Port;
        foreach (var id in Ids) Start(id, bootstrap: true);
        var options = new MembershipClientOptions
        {
            Cluster = ClusterId,
            Replicas = [.. _ports.Values.Select(ports => new ReplicaEndPoint("127.0.0.1", ports.Wire.Port))],
            RequestLimit = StartLimit,
        };
        Client = new(options, ClientIdentity.AdminToken(AdminToken));
        (await Client.ListNetworksAsync()).Require();
    }

    public async Task DisposeAsync()
    {
        await Client.DisposeAsync();
        foreach (var process in _processes.Values) await process.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Runs the tool as an admin of the registry.</summary>
    internal Task<ToolRun> RunAsync(string words, params string[] more) =>
        Tool.RunAsync([.. words.Split(' '), .. more, "--endpoints", EndPoints, "--token-file", TokenFile]);

    /// <summary>Runs the tool as a node that signs.</summary>
    internal Task<ToolRun> RunAsync(RegisteredNode node, string words, params string[] more) => Tool.RunAsync(
        [.. words.Split(' '), .. more, "--endpoints", EndPoints, "--cluster", ClusterId, "--key", node.KeyFile, "--node", $"{node.Id}"]);

    /// <summary>A path at which nothing is.</summary>
    internal string NewPath() => Path.Combine(Folder, $"file-{Interlocked.Increment(ref _files)}");

    /// <summary>A new file with this content.</summary>
    internal string Write(string content)
    {
        var path = NewPath();
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Registers a node with a key in a file.</summary>
    internal async Task<RegisteredNode> RegisterAsync()
    {
        var file = NewPath();
        using var key = Cli.Connections.KeyFile.Create(file);
        var done = (await Client.RegisterNodeAsync(key.PublicKey)).Require();
        return new(done.Node, file);
    }

    /// <summary>A network with an owner, and a name that no other has.</summary>
    internal async Task<(NetworkId Network, RegisteredNode Owner)> CreateAsync(JoinRule rule = JoinRule.Open, string? joinToken = null)
    {
        var owner = await RegisterAsync();
        var network = new NewNetwork { Creator = owner.Id, Name = NewName(), Enterprise = true, JoinRule = rule, JoinToken = joinToken };
        return ((await Client.CreateNetworkAsync(network)).Require().Network, owner);
    }

    /// <summary>A node that joined.</summary>
    internal async Task<RegisteredNode> JoinAsync(NetworkId network)
    {
        var node = await RegisterAsync();
        (await Client.JoinNetworkAsync(node.Id, network)).Require();
        return node;
    }

    /// <summary>A name that no network has.</summary>
    internal static string NewName() => $"n-{Guid.NewGuid():N}";

    /// <summary>Where a replica listens.</summary>
    internal ReplicaPorts PortsOf(string id) => _ports[id];

    /// <summary>Where a replica serves its page.</summary>
    internal Uri PageOf(string id) => new($"http://127.0.0.1:{_pages[id]}/");

    /// <summary>Kills a replica.</summary>
    internal async Task KillAsync(string id)
    {
        await _processes[id].KillAsync();
        await _processes[id].DisposeAsync();
    }

    /// <summary>Starts a killed replica again, on what it has on its disk.</summary>
    internal void StartAgain(string id) => Start(id, bootstrap: false);

    /// <summary>Kills a replica, and starts it again with nothing on its disk, to be added.</summary>
    internal async Task ReplaceAsync(string id)
    {
        await KillAsync(id);
        Directory.Delete(Path.Combine(Folder, id), recursive: true);
        Start(id, bootstrap: false);
    }

    private void Start(string id, bool bootstrap)
    {
        List<string> arguments =
        [
            "--id", id, "--cluster", ClusterId, "--replicas", ReplicaPorts.List(_ports), "--data", Path.Combine(Folder, id),
            "--secret-file", Path.Combine(Folder, "secret"), "--admin-tokens-file", TokenFile, "--election-ms", "500-1000",
            "--registration", "proof", "--listen-wire", $"{_ports[id].Wire}", "--page", $"{_pages[id]}",
        ];
        if (id == Guarded) arguments.Add("--page-demands-token");
        if (bootstrap) arguments.Add("--bootstrap");
        _processes[id] = ReplicaProcess.Start(id, Path.Combine(Folder, id), arguments);
    }
}

/// <summary>A node and where its key is.</summary>
/// <param name="Id">The node.</param>
/// <param name="KeyFile">Its key's file.</param>
internal sealed record RegisteredNode(NodeId Id, string KeyFile);

[CollectionDefinition(RunningCluster.Name, DisableParallelization = true)]
public sealed class RunningClusterDefinition : ICollectionFixture<RunningCluster>;
