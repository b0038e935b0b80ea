using System.Security.Cryptography;
using System.Text.Json;
using Membership.Benchmarks.Load;
using Membership.Benchmarks.Running;
using Membership.Protocol.Tokens;
using Membership.Registry;
using Membership.Registry.Wire;
using Membership.Replication;
using Microsoft.Extensions.Logging;

namespace Membership.Benchmarks.Replicas;

/// <summary>
/// The hidden mode <c>replica</c>: one replica with its wire endpoint, and clients within its process when it is told to run some.
/// </summary>
internal static class ReplicaProcess
{
    public const string Mode = "replica";

    // Setting up is done by so many proposals at a time.
    private const int SeedsAtATime = 1024;

    public static async Task<int> RunAsync(string planText)
    {
        var plan = JsonSerializer.Deserialize<ReplicaPlan>(planText)!;
        // A benchmark that cuts links hears of it from the package at every request; what stops a replica is in its report.
        using var loggers = LoggerFactory.Create(log => log
            .SetMinimumLevel(LogLevel.Error)
            .AddFilter("DotNext", plan.CanBeCut ? LogLevel.None : LogLevel.Error)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        using var secret = new ClusterSecret(new byte[ClusterSecret.Bytes]);
        var options = plan.ToOptions();
        options.SecretId = secret.Id;
        var links = new LinkCut();
        if (plan.CanBeCut) options.LinkFaults = links;
        await using var replica = new MembershipReplica(options, loggers);
        await replica.StartAsync();
        await using var server = Serve(replica, secret, plan, loggers);
        await server.StartAsync();
        var callers = new CallerPool();
        await new CommandLoop()
            .On<object?>("status", _ => Task.FromResult<object>(Describe(replica)))
            .On<SeedOrder>("seed", order => SeedAsync(replica, order))
            .On<LoadOrder>("load", async order => await callers.RunAsync(order, _ => new ReplicaTarget(replica)))
            .On<string[]>("cut", others =>
            {
                foreach (var other in others) links.Cut(other);
                return Task.FromResult<object>(true);
            })
            .On<object?>("mend", _ =>
            {
                links.Mend();
                return Task.FromResult<object>(true);
            })
            .RunAsync(ready: true);
        return 0;
    }

    private static RegistryServer Serve(MembershipReplica replica, ClusterSecret secret, ReplicaPlan plan, ILoggerFactory loggers)
    {
        var registry = new RegistryOptions();
        registry.AdminTokens.Add(ReplicaPlan.AdminToken);
        var wire = new WireOptions
        {
            EndPoint = ReplicaPlan.Loopback(plan.WirePort),
            // A benchmark has few nodes, and each stands for many.
            NodeMutationsPerSecond = 1_000_000,
            NodeMutationsBurst = 10_000_000,
        };
        return new(new(replica, registry, secret), wire, loggers);
    }

    private static ReplicaReport Describe(MembershipReplica replica)
    {
        var status = replica.Status;
        return new(status.Role == ReplicaRole.Leader, status.Leader is not null, status.Revision, status.AppliedIndex, status.Fault?.ToString());
    }

    private static async Task<object> SeedAsync(MembershipReplica replica, SeedOrder order)
    {
        var target = new ReplicaTarget(replica);
        foreach (var key in order.Keys) await ProposeAllAsync(target, [new RegisterNode(new(Convert.FromBase64String(key)))]);
        await ProposeAllAsync(target, Enumerable.Range(0, order.Nodes)
            .Select(_ => (Mutation)new RegisterNode(new(RandomNumberGenerator.GetBytes(PublicKey.Length)))));
        await ProposeAllAsync(target, Enumerable.Range(1, order.Networks).Select(i => (Mutation)new CreateNetwork
        {
            Creator = new(1),
            Name = $"net-{i}",
            Enterprise = true,
        }));
        return true;
    }

    private static Task ProposeAllAsync(ReplicaTarget target, IEnumerable<Mutation> mutations) => Parallel.ForEachAsync(
        mutations, new ParallelOptions { MaxDegreeOfParallelism = SeedsAtATime }, async (mutation, _) =>
        {
            if (await target.ProposeAsync(mutation) is { } failure) throw new InvalidOperationException(failure);
        });
}
