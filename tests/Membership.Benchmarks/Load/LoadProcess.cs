using Membership.Benchmarks.Replicas;
using Membership.Benchmarks.Running;
using Membership.Client;

namespace Membership.Benchmarks.Load;

/// <summary>The hidden mode <c>load</c>: clients in a process of their own.</summary>
internal static class LoadProcess
{
    public const string Mode = "load";

    // As many as those of etcd to one of theirs, and as a replica reads ahead.
    private const int CallersPerConnection = 64;

    public static async Task<int> RunAsync()
    {
        var callers = new CallerPool();
        var clients = new Dictionary<int, List<MembershipClient>>();
        var loop = new CommandLoop().On<LoadOrder>("load", async order =>
        {
            if (!clients.TryGetValue(order.Port, out var open)) clients[order.Port] = open = [];
            var needed = (order.Clients + CallersPerConnection - 1) / CallersPerConnection;
            while (open.Count < needed) open.Add(Connect(order.Port));
            return await callers.RunAsync(order, i => new ClientTarget(open[i % needed]));
        });
        await loop.RunAsync(ready: true);
        return 0;
    }

    private static MembershipClient Connect(int port)
    {
        var options = new MembershipClientOptions { Cluster = ReplicaPlan.ClusterId, Replicas = [new("127.0.0.1", port)] };
        return new(options, ClientIdentity.AdminToken(ReplicaPlan.AdminToken));
    }
}
