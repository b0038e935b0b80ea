using System.Security.Cryptography;
using System.Text.Json;
using Membership.Cli.Running;
using Membership.Client;
using ThreeNodeCluster;
using Xunit;

namespace Membership.EndToEnd.Running;

/// <summary>Replicas as processes that one test starts, kills and wipes, in whatever cluster they are to be.</summary>
internal sealed class OwnReplicas : IAsyncDisposable
{
    public const string Name = "replicas of one's own";

    private const string AdminToken = "the admins of this test";

    private readonly SortedDictionary<string, ReplicaPorts> _ports = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReplicaProcess> _processes = [];

    public OwnReplicas(params string[] ids)
    {
        File.WriteAllBytes(SecretFile, RandomNumberGenerator.GetBytes(32));
        File.WriteAllText(TokenFile, AdminToken + "\n");
        foreach (var (id, ports) in ids.Zip(ReplicaPorts.Free(ids.Length))) _ports[id] = ports;
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("membership-own-").FullName;

    public IEnumerable<string> Ids => _ports.Keys;

    public string SecretFile => Path.Combine(Folder, "secret");

    public string TokenFile => Path.Combine(Folder, "tokens");

    public string EndPoints => string.Join(',', _ports.Values.Select(ports => ports.Wire));

    public ReplicaPorts PortsOf(string id) => _ports[id];

    public string DataOf(string id) => Path.Combine(Folder, id);

    /// <summary>These replicas as the program and the tool take them.</summary>
    public string ListOf(params IEnumerable<string> ids) => ReplicaPorts.List(ids.Select(id => KeyValuePair.Create(id, _ports[id])));

    /// <summary>Starts a replica that knows these others.</summary>
    public void Start(string id, string cluster, IEnumerable<string> list, params string[] more) => _processes[id] = ReplicaProcess.Start(id, DataOf(id),
    [
        "--id", id, "--cluster", cluster, "--replicas", ListOf(list), "--data", DataOf(id), "--secret-file", SecretFile, "--admin-tokens-file", TokenFile,
        "--election-ms", "500-1000", "--listen-wire", $"{_ports[id].Wire}", .. more,
    ]);

    public void StartAll(string cluster, params string[] more)
    {
        foreach (var id in Ids) Start(id, cluster, Ids, more);
    }

    /// <summary>SIGKILL to all of them at once.</summary>
    public async Task KillAllAsync()
    {
        await Task.WhenAll(_processes.Values.Select(process => process.KillAsync()));
        await StopAllAsync();
    }

    public async Task StopAllAsync()
    {
        await Task.WhenAll(_processes.Values.Select(process => process.DisposeAsync().AsTask()));
        _processes.Clear();
    }

    /// <summary>A client of all of them, as admin.</summary>
    public MembershipClient Connect(string cluster) => new(
        new()
        {
            Cluster = cluster,
            Replicas = [.. _ports.Values.Select(ports => new ReplicaEndPoint("127.0.0.1", ports.Wire.Port))],
            RequestLimit = TimeSpan.FromMinutes(1),
        },
        ClientIdentity.AdminToken(AdminToken));

    /// <summary>Runs the tool as an admin of the registry.</summary>
    public Task<ToolRun> RunAsync(params string[] arguments) => Tool.RunAsync([.. arguments, "--endpoints", EndPoints, "--token-file", TokenFile]);

    /// <summary>Gives a replica a vote, which may not be ready for it yet.</summary>
    public Task<ToolRun> AddAsync(string id) => Wait.ForAsync(
        () => RunAsync("cluster", "add", id, $"{_ports[id].Raft}", $"{_ports[id].Peer}"), run => run.ExitCode == ExitCode.Ok, $"{id} to be added");

    /// <summary>What each of so many says of itself, once all are at the same revision.</summary>
    public Task<List<JsonElement>> AgreeAsync(int count) => Wait.ForAsync(
        async () => (await Tool.RunAsync("status", "--endpoints", EndPoints, "--timeout", "3s", "-o", "json")) is { ExitCode: ExitCode.Ok } run
            ? run.Document().GetProperty("replicas").EnumerateArray().Where(replica => replica.GetProperty("leader").ValueKind == JsonValueKind.String).ToList()
            : [],
        replicas => replicas.Count == count && replicas.DistinctBy(replica => replica.GetProperty("revision").GetUInt64()).Count() == 1,
        $"{count} replicas at one revision");

    public async ValueTask DisposeAsync()
    {
        await StopAllAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

[CollectionDefinition(OwnReplicas.Name, DisableParallelization = true)]
public sealed class OwnReplicasDefinition;
