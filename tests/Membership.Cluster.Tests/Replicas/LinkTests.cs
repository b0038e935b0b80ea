using Membership.Replication;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

public sealed class LinkTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_leader_cut_off_confirms_no_read_and_follows_when_it_is_back()
    {
        await using var group = Group();
        await group.StartAllAsync();
        var old = await group.LeaderAsync();
        var others = group.Running.Where(replica => replica != old).ToArray();
        Assert.True((await old.RegisterAsync()).IsOk);
        group.Links.Isolate(old.Status.ReplicaId, group.Addresses.Select(address => address.Id));
        var read = old.ReadAsync();
        await Wait.UntilAsync(() => others.Any(replica => replica.Status.Role == ReplicaRole.Leader), "a new leader");
        var leader = others.First(replica => replica.Status.Role == ReplicaRole.Leader);
        Assert.True((await leader.RegisterAsync()).IsOk);

        // The peer channel still stands, so the old leader may ask the new one; what it must not do is to confirm by itself.
        try
        {
            Assert.Equal(2, (await read).NodeCount);
        }
        catch (ReplicaUnavailableException)
        {
        }

        group.Links.Mend();
        await group.AgreeAsync(2);
        Assert.Single(group.Running, replica => replica.Status.Role == ReplicaRole.Leader);
    }

    [Fact]
    public async Task A_reader_that_gives_up_confirms_nobody_elses_read_on_a_leader_cut_off()
    {
        await using var ways = new PeerLinks();
        await using var group = Group(options =>
        {
            options.RequestLimitMs = 1_500;
            ways.Redirect(options);
        });
        await group.StartAllAsync();

        // Again and again: it would matter only for those that came before the round began that they share with the first.
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var old = await group.LeaderAsync();
            Assert.True((await old.RegisterAsync()).IsOk);
            for (var i = 0; i < 50; i++) await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => old.ReadAsync()).ToArray());
            group.Links.Isolate(old.Status.ReplicaId, group.Addresses.Select(address => address.Id));
            ways.Isolate(old.Status.ReplicaId);
            using var givesUp = new CancellationTokenSource();
            var first = old.ReadAsync(givesUp.Token);
            var others = Enumerable.Range(0, 8).Select(_ => old.ReadAsync()).ToArray();
            await Task.Delay(20);
            await givesUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
            foreach (var read in others) await Assert.ThrowsAsync<ReplicaUnavailableException>(() => read);
            group.Links.Mend();
            ways.Mend();
            await Wait.UntilAsync(() => old.Status is { Role: ReplicaRole.Follower, Leader: not null }, "the old leader to follow");
        }
    }

    [Fact]
    public async Task Cut_after_cut_under_load_every_acknowledged_change_is_there_once()
    {
        await using var group = Group();
        await group.StartAllAsync();
        await group.LeaderAsync();
        using var stop = new CancellationTokenSource();
        var load = group.Running.SelectMany(replica => Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var (done, unknown) = (0, 0);
            while (!stop.IsCancellationRequested)
            {
                var outcome = await replica.RegisterAsync();
                if (outcome.IsOk) done++;
                else if (outcome.Code == Code.OutcomeUnknown) unknown++;
            }

            return (done, unknown);
        }))).ToArray();
        for (var round = 0; round < 4; round++)
        {
            var old = await group.LeaderAsync();
            var others = group.Running.Where(replica => replica != old).ToArray();
            group.Links.Isolate(old.Status.ReplicaId, group.Addresses.Select(address => address.Id));
            await Wait.UntilAsync(() => others.Any(replica => replica.Status.Role == ReplicaRole.Leader), "a new leader");
            var count = others[0].State.NodeCount;
            await Wait.UntilAsync(() => others[0].State.NodeCount > count + 50, "load under the new leader");
            group.Links.Mend();
            await Wait.UntilAsync(() => old.Status.Role == ReplicaRole.Follower, "the old leader to follow");
        }

        await stop.CancelAsync();
        var results = await Task.WhenAll(load);
        var (done, unknown) = (results.Sum(result => result.done), results.Sum(result => result.unknown));
        await group.AgreeAsync((ulong)done);
        output.WriteLine($"{done} acknowledged, {unknown} unknown");
        Assert.InRange(group.Running.First().State.NodeCount, done, done + unknown);
    }

    private ReplicaGroup Group(Action<MembershipReplicaOptions>? configure = null)
    {
        var group = new ReplicaGroup(output, 3);
        group.Configure = options =>
        {
            options.LinkFaults = group.Links;
            options.RequestLimitMs = 5_000;
            configure?.Invoke(options);
        };
        return group;
    }
}
