using Membership.Cluster.Tests.Replicas;
using Membership.Cluster.Tests.Telemetry;
using Membership.Replication.Peers;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Peers;

/// <summary>A replica that leads and whose entries are small, held while it applies one, so that what is forwarded to it waits.</summary>
internal sealed class HeldLeader : IAsyncDisposable
{
    /// <summary>Proposals of one entry.</summary>
    public const int EntryMax = 8;

    private const string Cluster = "held";
    private readonly ReplicaGroup _group;
    private readonly Measured _measured = new(Cluster);
    private readonly ManualResetEventSlim _go = new();
    private readonly PeerClient _follower;

    private HeldLeader(ReplicaGroup group)
    {
        _group = group;
        _follower = new(new("r1", group.AddressOf("r1").PeerEndPoint), new(Cluster, "r2", 2));
    }

    public static async Task<HeldLeader> StartAsync(ITestOutputHelper output, int roomMax)
    {
        var group = new ReplicaGroup(output, 1, Cluster)
        {
            Configure = options => (options.QueueLengthMax, options.Limits) = (roomMax, new() { EntryMutationsMax = EntryMax }),
        };
        var leader = new HeldLeader(group);
        var replica = await group.StartAsync("r1");
        await group.LeaderAsync();
        replica.Applied += _ => leader._go.Wait();
        await replica.RegisterAsync();
        return leader;
    }

    /// <summary>Forwards a batch, and lets the leader go on when so many of it wait.</summary>
    public async Task<ForwardResult> ForwardAsync(ReadOnlyMemory<byte>[] batch, int[] groups, int waiting)
    {
        var result = _follower.ForwardAsync(batch, groups, PeerPair.Deadline);
        await Wait.UntilAsync(() => Waiting() == waiting, "the batch in the leader's queue");
        _go.Set();
        return await result;
    }

    public async ValueTask DisposeAsync()
    {
        _go.Set();
        await _follower.DisposeAsync();
        await _group.DisposeAsync();
        _measured.Dispose();
        _go.Dispose();
    }

    private int Waiting()
    {
        _measured.Collect();
        return (int)_measured.Sum("r1", "membership.queue.length");
    }
}
