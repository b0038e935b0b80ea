using System.Net;
using Membership.Cluster.Tests.Peers;
using Membership.Replication;
using Membership.Replication.Configuration;
using Membership.Replication.Hosting;
using Membership.Replication.Leadership;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

/// <summary>Replicas that say nothing more: how long others wait for them.</summary>
public sealed class SilentReplicaTests(ITestOutputHelper output)
{
    private static readonly EndPoint One = new IPEndPoint(IPAddress.Loopback, 1);
    private static readonly EndPoint Two = new IPEndPoint(IPAddress.Loopback, 2);

    [Fact]
    public async Task A_leader_whose_followers_fell_silent_one_after_the_other_gives_up_as_soon_as_an_election_takes()
    {
        // A request to a silent follower is waited for as long as the shorter of these; a dozen of them, one by one, are half a minute.
        await using var group = new ReplicaGroup(output, 3);
        group.Configure = options => (options.ElectionTimeoutMinMs, options.ElectionTimeoutMaxMs, options.LinkFaults) = (3_000, 3_500, group.Links);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var id = leader.Status.ReplicaId;
        var (slow, last) = id == "r1" ? ("r2", "r3") : ("r1", id == "r2" ? "r3" : "r2");
        Assert.True((await leader.RegisterAsync()).IsOk);

        group.Links.Isolate(slow, [id, last]);
        for (var i = 0; i < 12; i++) Assert.True((await leader.RegisterAsync()).IsOk);
        group.Links.Isolate(id, [last]);
        await Wait.UntilAsync(() => leader.Status.Role != ReplicaRole.Leader, "a leader without a majority to give up", TimeSpan.FromSeconds(10));
        group.Links.Mend();
        await group.LeaderAsync();
        Assert.True((await leader.RegisterAsync()).IsOk);
        await group.AgreeAsync(leader.Status.Revision);
    }

    [Fact]
    public async Task What_waits_for_a_leader_is_told_when_another_one_leads_and_not_before()
    {
        using var fence = new CancellationTokenSource();
        using var sight = new LeaderSight(TimeSpan.FromSeconds(1), TimeProvider.System, fence.Token);
        sight.See(One);
        var reign = sight.Reign;
        sight.See(null);
        sight.See(One);
        Assert.False(reign.IsCancellationRequested);
        Assert.Equal(reign, sight.Reign);

        sight.See(null);
        sight.See(Two);
        await Wait.UntilAsync(() => reign.IsCancellationRequested, "the end of the reign");
        Assert.False(sight.Reign.IsCancellationRequested);
        await fence.CancelAsync();
        Assert.True(sight.Reign.IsCancellationRequested);
    }

    [Fact]
    public void A_leader_is_out_of_sight_when_there_has_been_none_for_longer_than_an_election_takes()
    {
        var time = new ManualTime();
        using var sight = new LeaderSight(TimeSpan.FromSeconds(1), time, CancellationToken.None);
        Assert.False(sight.IsLost);
        sight.See(One);
        time.Advance(TimeSpan.FromHours(1));
        Assert.False(sight.IsLost);

        // That it is said again moves nothing.
        sight.See(null);
        time.Advance(TimeSpan.FromSeconds(0.8));
        sight.See(null);
        Assert.False(sight.IsLost);
        time.Advance(TimeSpan.FromSeconds(0.3));
        Assert.True(sight.IsLost);
        sight.See(One);
        Assert.False(sight.IsLost);
    }

    [Fact]
    public async Task Who_has_enough_answers_waits_for_nobody_else()
    {
        await using var group = new ReplicaGroup(output, 3);
        var options = group.OptionsOf("r1");
        var directory = new ReplicaDirectory(options, Path.Combine(group.FolderOf("r1"), "replicas"), NullLogger.Instance);
        await using var peers = new PeerSet(directory, null, new(options.ClusterId, "r1", 1), TimeProvider.System, NullLoggerFactory.Instance);
        var (isEnough, wasEnough) = (false, false);
        var answers = await peers.AskAllAsync(
            static _ => true,
            async (peer, token) =>
            {
                if (peer.Address.ReplicaId == "r2") return "r2";
                await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                wasEnough = isEnough;
                throw new OperationCanceledException(token);
            },
            CancellationToken.None,
            answers => isEnough = answers.Count == 1);
        Assert.Equal(["r2"], answers);
        await Wait.UntilAsync(() => wasEnough, "the one who was still asked to be let go");
    }
}
