using Membership.Benchmarks.Replicas;
using Membership.Benchmarks.Running;
using Membership.Client;

namespace Membership.Benchmarks.Load;

/// <summary>The hidden mode <c>load</c>: clients in a process of their own.</summary>
internal static class LoadProcess
{
    public const string Mode = "load";

    // A replica carries out the mutations of a connection one after another, so who mutates has one alone; readers share.
    private const int ReadersPerConnection = 16;

    public static async Task<int> RunAsync()
    {
        var callers = new CallerPool();
        var clients = new Dictionary<(int Port, bool IsShared), List<MembershipClient>>();
        var loop = new CommandLoop().On<LoadOrder>("load", async order =>
        {
            var isShared = order.Operation is Operation.Reads or Operation.StaleReads;
            if (!clients.TryGetValue((order.Port, isShared), out var open)) clients[(order.Port, isShared)] = open = [];
            var needed = isShared ? (order.Clients + ReadersPerConnection - 1) / ReadersPerConnection : order.Clients;
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
