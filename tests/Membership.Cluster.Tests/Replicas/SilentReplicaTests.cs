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
    public void A_follower_is_silent_when_it_was_asked_and_has_not_answered_for_long()
    {
        var time = new ManualTime();
        var answers = new FollowerAnswers(time);

        // One that was just added is asked in the next round.
        Assert.False(answers.IsSilent(One, TimeSpan.Zero));
        var detector = answers.Begin(One);
        time.Advance(TimeSpan.FromMilliseconds(600));
        Assert.False(answers.IsSilent(One, TimeSpan.FromMilliseconds(600)));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(answers.IsSilent(One, TimeSpan.FromMilliseconds(600)));
        detector.ReportHeartbeat();
        Assert.False(answers.IsSilent(One, TimeSpan.FromMilliseconds(600)));

        // The package would never ask one again that it takes for failed.
        time.Advance(TimeSpan.FromHours(1));
        Assert.True(detector is { IsHealthy: true, IsMonitoring: true });
    }

    [Fact]
    public async Task What_waits_for_a_leader_is_told_when_another_one_leads_and_not_before()
    {
        using var fence = new CancellationTokenSource();
        EndPoint? leader = One;
        using var sight = new LeaderSight(() => leader, TimeSpan.FromMinutes(1), TimeProvider.System, fence.Token);
        sight.Look();
        var reign = sight.Reign;
        leader = null;
        sight.Look();
        leader = One;
        sight.Look();
        Assert.False(reign.IsCancellationRequested);
        Assert.Equal(reign, sight.Reign);

        leader = Two;
        sight.Look();
        await Wait.UntilAsync(() => reign.IsCancellationRequested, "the end of the reign");
        Assert.False(sight.Reign.IsCancellationRequested);
        await fence.CancelAsync();
        Assert.True(sight.Reign.IsCancellationRequested);
    }

    [Fact]
    public async Task What_waits_for_a_leader_is_told_when_there_has_been_none_for_long()
    {
        EndPoint? leader = One;
        using var sight = new LeaderSight(() => leader, TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
        sight.Look();
        var reign = sight.Reign;
        Assert.False(sight.IsLost);
        leader = null;
        sight.Look();
        await Wait.UntilAsync(() => reign.IsCancellationRequested, "the end of the reign");
        await Wait.UntilAsync(() => sight.IsLost, "the leader to be out of sight");
        leader = One;
        sight.Look();
        Assert.False(sight.IsLost);
        Assert.False(sight.Reign.IsCancellationRequested);
    }

    [Fact]
    public void A_leader_is_out_of_sight_when_there_has_been_none_for_longer_than_elections_take()
    {
        var time = new ManualTime();
        EndPoint? leader = null;
        using var sight = new LeaderSight(() => leader, TimeSpan.FromHours(1), time, CancellationToken.None);
        Assert.False(sight.IsLost);
        leader = One;
        sight.Look();
        time.Advance(TimeSpan.FromHours(2));
        Assert.False(sight.IsLost);

        // That it is seen again moves nothing.
        leader = null;
        sight.Look();
        time.Advance(TimeSpan.FromMinutes(50));
        sight.Look();
        Assert.False(sight.IsLost);
        time.Advance(TimeSpan.FromMinutes(20));
        Assert.True(sight.IsLost);
        leader = One;
        sight.Look();
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
