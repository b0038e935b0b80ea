using Membership.Benchmarks.Load;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Peers.Etcd;

/// <summary>What clients of etcd do.</summary>
internal enum EtcdOperation
{
    /// <summary>Puts of 100 bytes.</summary>
    Put,

    /// <summary>The transaction of a join.</summary>
    Transaction,

    /// <summary>Linearizable gets.</summary>
    Get,
}

/// <summary>One run of a load against etcd.</summary>
internal sealed record EtcdOrder(EtcdOperation Operation, int Clients, double Seconds, int Port);

/// <summary>The hidden mode <c>etcd-load</c>: clients of etcd in a process of their own.</summary>
internal static class EtcdLoad
{
    public const string Mode = "etcd-load";

    // Tried with 4, 16, 32, 64 and 256: etcd is fastest around here, and a third slower with a connection for every 4.
    private const int ClientsPerConnection = 64;

    private const int FillAtATime = 256;

    private static long s_member;

    public static async Task<int> RunAsync()
    {
        var connections = new Dictionary<int, List<EtcdClient>>();
        await new CommandLoop()
            .On<EtcdOrder>("load", async order =>
            {
                if (!connections.TryGetValue(order.Port, out var open)) connections[order.Port] = open = [];
                var needed = (order.Clients + ClientsPerConnection - 1) / ClientsPerConnection;
                while (open.Count < needed) open.Add(await EtcdClient.ConnectAsync(order.Port));
                var clients = Enumerable.Range(0, order.Clients).Select(i => ToClient(open[i % needed], order.Operation)).ToList();
                return await ClosedLoop.RunAsync(clients, TimeSpan.FromSeconds(order.Seconds));
            })
            .On<int>("fill", async port =>
            {
                using var client = await EtcdClient.ConnectAsync(port);
                await Parallel.ForAsync(0, EtcdClient.StandingKeys, new ParallelOptions { MaxDegreeOfParallelism = FillAtATime }, async (key, _) =>
                {
                    if (await client.PutAsync(key) is { } failure) throw new InvalidOperationException(failure);
                });
                return true;
            })
            .RunAsync(ready: true);
        return 0;
    }

    private static Func<ValueTask<string?>> ToClient(EtcdClient client, EtcdOperation operation) => operation switch
    {
        EtcdOperation.Put => () => new(client.PutAsync(AnyKey())),
        EtcdOperation.Transaction => () => new(client.JoinAsync((ulong)Interlocked.Increment(ref s_member))),
        _ => () => new(client.GetAsync(AnyKey())),
    };

    private static int AnyKey() => Random.Shared.Next(EtcdClient.StandingKeys);
}
