using System.Net;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.Membership;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Membership.Replication.Log;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>What the nodes of a <see cref="TestCluster"/> have in common.</summary>
internal sealed record ClusterSetup
{
    public Func<string, ListStateMachine, IPersistentState> Log { get; init; } = Logs.Durable;

    public int LowerElectionTimeout { get; init; } = 500;

    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    public int WarmupRounds { get; init; } = 10;

    /// <summary>What stands between the cluster and its log, if anything.</summary>
    public Func<IPersistentState, IPersistentState>? Trail { get; init; }
}

/// <summary>A node: one Raft cluster object over one log, on loopback, in this process.</summary>
internal sealed class TestNode(string folder, IPEndPoint address, Links links, ClusterSetup setup) : IAsyncDisposable
{
    private static readonly string ballast = new('b', 1 << 20);

    public IPEndPoint Address => address;

    public string Folder => folder;

    public ListStateMachine Machine { get; private set; } = new();

    public IPersistentState Log { get; private set; } = null!;

    public RaftCluster Raft { get; private set; } = null!;

    public bool Running { get; private set; }

    public long Applied => Log is DurableLog durable ? durable.LastAppliedIndex : ((WriteAheadLog)Log).LastAppliedIndex;

    public bool Leads => Running && !Raft.LeadershipToken.IsCancellationRequested;

    /// <summary>Starts the node with the members that it begins with.</summary>
    public async Task StartAsync(
        IEnumerable<EndPoint> members, bool coldStart = false, IClusterConfigurationStorage<EndPoint>? storage = null, ListSnapshot? snapshot = null)
    {
        Machine = new ListStateMachine(snapshot);
        Log = setup.Log(folder, Machine);
        var configuration = new RaftCluster.CustomTransportConfiguration(
            address,
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            links.FactoryFor(address))
        {
            ConfigurationStorage = storage!,
            ColdStart = coldStart,
            LowerElectionTimeout = setup.LowerElectionTimeout,
            UpperElectionTimeout = setup.LowerElectionTimeout * 2,
            HeartbeatThreshold = 0.2,
            RequestTimeout = setup.RequestTimeout,
            ConnectTimeout = setup.RequestTimeout,
            WarmupRounds = setup.WarmupRounds,
        };
        if (configuration.ConfigurationStorage is InMemoryClusterConfigurationStorage<EndPoint> inMemory)
        {
            var seed = inMemory.CreateInitialConfigurationBuilder();
            seed.UnionWith(members);
            seed.Build();
        }

        Raft = new RaftCluster(configuration) { AuditTrail = setup.Trail?.Invoke(Log) ?? Log };
        await Raft.StartAsync();
        Running = true;
    }

    /// <summary>Proposes as this node's leadership and returns when the entry is applied here.</summary>
    public async Task ReplicateAsync(string payload, CancellationToken token = default) =>
        await Raft.ReplicateAsync(Logs.Entry(await Log.LastTermAsync(), payload), token);

    /// <summary>Proposes entries of 1 MiB, several at a time, until that many megabytes are applied here.</summary>
    public Task ReplicateBallastAsync(int mebibytes) => Parallel.ForAsync(
        0, mebibytes, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, token) => await ReplicateAsync(ballast, token));

    public async Task StopAsync()
    {
        if (!Running)
            return;
        Running = false;
        Machine.Stall.Release();
        await Raft.StopAsync();
        await Raft.DisposeAsync();
        await ((IAsyncDisposable)Log).DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}

/// <summary>Several nodes with links between them.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly TestFolder folder = new();

    public TestCluster(int nodes, ClusterSetup? setup = null)
        : this([.. Enumerable.Repeat(setup ?? new ClusterSetup(), nodes)])
    {
    }

    private TestCluster(ClusterSetup[] setups)
    {
        var addresses = LoopbackPorts.Take(setups.Length);
        Nodes = [.. setups.Select((setup, i) => new TestNode(folder[$"node-{i}"], addresses[i], Links, setup))];
    }

    public Links Links { get; } = new();

    public TestNode[] Nodes { get; }

    public TestFolder Folder => folder;

    public IEnumerable<EndPoint> Addresses => Nodes.Select(node => node.Address);

    public static Task<TestCluster> StartAsync(int nodes, ClusterSetup? setup = null) =>
        StartAsync([.. Enumerable.Repeat(setup ?? new ClusterSetup(), nodes)]);

    /// <summary>Starts nodes that differ in their setup.</summary>
    public static async Task<TestCluster> StartAsync(params ClusterSetup[] setups)
    {
        var cluster = new TestCluster(setups);
        foreach (var node in cluster.Nodes)
            await node.StartAsync(cluster.Addresses);
        return cluster;
    }

    public async Task<TestNode> LeaderAsync(params TestNode[] except)
    {
        TestNode? leader = null;
        await Wait.UntilAsync(() => (leader = Nodes.FirstOrDefault(node => !except.Contains(node) && node.Leads)) is not null, "a leader");
        return leader!;
    }

    public TestNode[] Others(params TestNode[] than) => [.. Nodes.Except(than)];

    public void Isolate(TestNode node) => Links.Cut(node.Address, Others(node).Select(other => other.Address));

    public async ValueTask DisposeAsync()
    {
        Links.Mend();
        foreach (var node in Nodes)
            await node.StopAsync();
        folder.Dispose();
    }
}
