using System.Text.Json;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.Membership;
using Membership.Benchmarks.Load;
using Membership.Benchmarks.Replicas;
using Membership.Benchmarks.Running;
using Membership.Replication;

namespace Membership.Benchmarks.Machine;

/// <summary>
/// The hidden mode <c>bare-raft</c>: the Raft package with its own log, flushed before a follower answers, and an empty state machine.
/// </summary>
internal static class BareRaftProcess
{
    public const string Mode = "bare-raft";

    private const int CommandBytes = 100;

    public static async Task<int> RunAsync(string planText)
    {
        var plan = JsonSerializer.Deserialize<ReplicaPlan>(planText)!;
        await using var log = new FlushingLog(plan.Folder, new EmptyStateMachine());
        await using var cluster = new RaftCluster(Configure(plan)) { AuditTrail = log };
        await cluster.StartAsync();
        var proposer = new BareProposer(cluster, log);
        Task? proposing = null;
        await new CommandLoop()
            .On<object?>("leads", _ => Task.FromResult<object>(!cluster.LeadershipToken.IsCancellationRequested))
            .On<LoadOrder>("load", async order =>
            {
                proposing ??= Task.Run(proposer.RunAsync);
                var clients = Enumerable.Range(0, order.Clients).Select(_ => ToClient(proposer)).ToList();
                var load = ClosedLoop.RunAsync(clients, TimeSpan.FromSeconds(order.Seconds));
                if (await Task.WhenAny(load, proposing) == proposing) await proposing;
                return await load;
            })
            .RunAsync(ready: true);
        await cluster.StopAsync();
        return 0;
    }

    private static Func<ValueTask<string?>> ToClient(BareProposer proposer) => async () =>
    {
        await proposer.ProposeAsync(new byte[CommandBytes]);
        return null;
    };

    // The timeouts of a replica, which are those of MembershipReplicaOptions.
    private static RaftCluster.TcpConfiguration Configure(ReplicaPlan plan)
    {
        var options = plan.ToOptions();
        var configuration = new RaftCluster.TcpConfiguration(options.RaftListen)
        {
            ConfigurationStorage = null!,
            ColdStart = false,
            LowerElectionTimeout = options.ElectionTimeoutMinMs,
            UpperElectionTimeout = options.ElectionTimeoutMaxMs,
            HeartbeatThreshold = options.HeartbeatThreshold,
            RequestTimeout = options.RequestTimeout,
            ConnectTimeout = options.RequestTimeout,
        };
        var seed = ((InMemoryClusterConfigurationStorage<System.Net.EndPoint>)configuration.ConfigurationStorage).CreateInitialConfigurationBuilder();
        seed.UnionWith(options.Replicas.Select(replica => replica.RaftEndPoint));
        seed.Build();
        return configuration;
    }
}
