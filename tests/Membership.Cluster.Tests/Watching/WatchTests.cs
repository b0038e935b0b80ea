using Membership.Cluster.Tests.Replicas;
using Membership.Events;
using Membership.Replication;
using Membership.Replication.Watch;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Watching;

/// <summary>Watching real replicas in process.</summary>
public sealed class WatchTests(ITestOutputHelper output) : IDisposable
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));

    public void Dispose() => _limit.Dispose();

    [Fact]
    public async Task A_watch_begins_with_the_first_event_and_wakes_with_each_new_one()
    {
        await using var group = new ReplicaGroup(output, 1);
        var replica = await group.StartAsync("r1");
        var picture = new Picture();
        var last = await replica.LiveAsync("early", rounds: 4);
        await picture.FollowAsync(replica.WatchAsync(0, token: _limit.Token), last);
        picture.AssertShows(replica.State);

        var following = picture.FollowAsync(replica.WatchAsync(picture.NextRevision, token: _limit.Token), last + 1);
        Assert.False(following.IsCompleted);
        var revision = (await replica.RegisterAsync()).Revision;
        await following;
        picture.AssertShows(replica.State);
        Assert.Equal((0, revision), (picture.GoneCount, picture.Events[^1].Revision));
    }

    [Fact]
    public async Task A_watch_hears_of_its_network_its_node_or_its_actions_alone()
    {
        await using var group = new ReplicaGroup(output, 1);
        var replica = await group.StartAsync("r1");
        var (owner, member) = (await replica.NodeAsync(), await replica.NodeAsync());
        var (mine, other) = (await replica.NetworkAsync(owner, "mine"), await replica.NetworkAsync(owner, "other"));
        await replica.ChangeAsync(new InviteToNetwork(mine, owner, member));
        await replica.ChangeAsync(new InviteToNetwork(other, owner, member));
        await replica.ChangeAsync(new RespondInvite(member, mine, true), by: member);
        await replica.ChangeAsync(new RespondInvite(member, other, false), by: member);
        var last = (await replica.ChangeAsync(new RenameNetwork(other, "other-name"))).Revision;

        Assert.Equal(
            ["network.created", "invite.created", "invite.responded", "network.joined"], await ActionsAsync(new() { Network = mine }));
        Assert.Equal(
            ["network.created", "invite.created", "invite.responded", "network.renamed"], await ActionsAsync(new() { Network = other }));
        Assert.Equal(
            ["node.registered", "invite.created", "invite.created", "invite.responded", "network.joined", "invite.responded"],
            await ActionsAsync(new() { Node = member }));
        Assert.Equal(
            ["node.registered", "network.created", "network.created", "invite.created", "invite.created"],
            await ActionsAsync(new() { Node = owner }));
        Assert.Equal(
            ["network.joined", "network.renamed"], await ActionsAsync(new() { Actions = new HashSet<string> { "network.renamed", "network.joined" } }));
        Assert.Equal(
            ["invite.created", "invite.responded"],
            await ActionsAsync(new() { Network = mine, Node = member, Actions = new HashSet<string> { "invite.created", "invite.responded" } }));
        Assert.Empty(await ActionsAsync(new() { Network = NetworkId.Backbone }));

        // A node that nothing else is about ends each watch.
        async Task<IEnumerable<string>> ActionsAsync(WatchFilter filter)
        {
            var page = replica.ReadEvents(0, 1_000, filter.Selects);
            var picture = new Picture();
            if (!page.Events.IsEmpty) await picture.FollowAsync(replica.WatchAsync(0, filter, _limit.Token), page.Events[^1].Revision);
            Assert.Equal(page.Events, picture.Events);
            Assert.Equal(last + 1, page.NextRevision);
            return picture.Events.Select(applied => applied.Event.Action);
        }
    }

    [Fact]
    public async Task Every_replica_tells_the_same_and_a_watch_goes_on_at_another_one()
    {
        await using var group = Group();
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var followers = group.Running.Where(replica => replica != leader).ToArray();
        var picture = new Picture();
        var first = await leader.LiveAsync("first", rounds: 2);
        await picture.FollowAsync(followers[0].WatchAsync(0, token: _limit.Token), first);

        // A replica that lags has nothing to say until it is where the watch was.
        group.Links.Isolate(followers[1].Status.ReplicaId, group.Addresses.Select(address => address.Id));
        var second = await leader.LiveAsync("second", rounds: 2);
        await picture.FollowAsync(followers[0].WatchAsync(picture.NextRevision, token: _limit.Token), second);
        var lagging = picture.FollowAsync(followers[1].WatchAsync(picture.NextRevision, token: _limit.Token), second + 1);
        Assert.True(followers[1].State.Revision < second);
        group.Links.Mend();
        await group.AgreeAsync(second);
        Assert.False(lagging.IsCompleted);
        leader = await group.LeaderAsync();
        Assert.True((await leader.RegisterAsync()).IsOk);
        await lagging;

        await group.AgreeAsync(picture.Events[^1].Revision);
        picture.AssertShows(leader.State);
        Assert.Equal(0, picture.GoneCount);
        foreach (var replica in group.Running) Assert.Equal(picture.Events, replica.ReadEvents(0, 100_000, _ => true).Events);
    }

    [Fact]
    public async Task A_watch_over_the_install_of_a_snapshot_hears_that_events_are_gone_and_stays_in_step()
    {
        await using var group = Group();
        await group.StartAllAsync();
        var behind = await group.FollowerAsync();
        var picture = new Picture();
        var first = await behind.LiveAsync("before", rounds: 3);
        await picture.FollowAsync(behind.WatchAsync(0, token: _limit.Token), first);
        group.Links.Isolate(behind.Status.ReplicaId, group.Addresses.Select(address => address.Id));
        await Wait.UntilAsync(() => group.Running.Any(replica => replica != behind && replica.Status.Role == ReplicaRole.Leader), "a leader of the others");
        var leader = group.Running.First(replica => replica != behind && replica.Status.Role == ReplicaRole.Leader);
        var following = picture.FollowAsync(behind.WatchAsync(picture.NextRevision, token: _limit.Token), first + 1);
        for (var snapshots = 0; snapshots < 3; snapshots++)
        {
            var before = leader.Status.SnapshotIndex;
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(leader.RegisterAsync)));
            Assert.All(outcomes, outcome => Assert.True(outcome.IsOk, $"{outcome}"));
            await Wait.UntilAsync(() => leader.Status.SnapshotIndex > before, "a snapshot");
        }

        group.Links.Mend();
        await following;
        await group.AgreeAsync(leader.Status.Revision);
        var last = await leader.LiveAsync("after", rounds: 3);
        await picture.FollowAsync(behind.WatchAsync(picture.NextRevision, token: _limit.Token), last);
        Assert.Contains(group.Log.Lines, line => line.Contains($"{behind.Status.ReplicaId} MembershipReplica Information: Installed the snapshot", StringComparison.Ordinal));
        Assert.InRange(picture.GoneCount, 1, 2);
        picture.AssertShows(behind.State);
    }

    [Fact]
    public async Task A_slow_consumer_hears_that_it_fell_behind_and_is_in_step_again()
    {
        await using var group = new ReplicaGroup(output, 1) { Configure = options => options.WatchEventsMax = 20 };
        var replica = await group.StartAsync("r1");
        await replica.LiveAsync("before", rounds: 1);
        await using var watch = replica.WatchAsync(0, token: _limit.Token).GetAsyncEnumerator(_limit.Token);
        var picture = new Picture();
        await StepAsync();
        await replica.LiveAsync("meanwhile", rounds: 6);

        // What it has in hand it may finish; then it hears of the gap.
        while (picture.GoneCount == 0) await StepAsync();
        var gone = Assert.IsType<HistoryGone>(watch.Current);
        Assert.Equal(replica.State.Revision, gone.PresentRevision);
        Assert.InRange(gone.OldestRevision, gone.NextRevision + 1, gone.PresentRevision);

        // The ring moves past the state that it goes through, so it begins anew with a later one.
        await StepAsync();
        var last = await replica.LiveAsync("again", rounds: 6);
        while (picture.NextRevision <= last) await StepAsync();
        Assert.Equal(2, picture.GoneCount);
        picture.AssertShows(replica.State);

        async Task StepAsync()
        {
            Assert.True(await watch.MoveNextAsync());
            picture.Take(watch.Current);
        }
    }

    [Fact]
    public async Task Where_events_are_gone_the_present_state_is_what_the_filter_selects()
    {
        await using var group = new ReplicaGroup(output, 1) { Configure = options => options.WatchEventsMax = 1 };
        var replica = await group.StartAsync("r1");
        var (owner, member, guest) = (await replica.NodeAsync(), await replica.NodeAsync(), await replica.NodeAsync());
        var (a, b) = (await replica.NetworkAsync(owner, "a"), await replica.NetworkAsync(owner, "b"));
        await replica.ChangeAsync(new InviteToNetwork(a, owner, member));
        await replica.ChangeAsync(new RespondInvite(member, a, true), by: member);
        await replica.ChangeAsync(new InviteToNetwork(a, owner, guest));
        await replica.ChangeAsync(new InviteToNetwork(b, owner, guest));

        Assert.Equal("node 1, node 2, node 3, net 1, 1:1 owner, 1:2 member, 1>3, net 2, 2:1 owner, 2>3", await PresentAsync(new()));
        Assert.Equal("net 1, 1:1 owner, 1:2 member, 1>3", await PresentAsync(new() { Network = a }));
        Assert.Equal("node 3, 1>3, 2>3", await PresentAsync(new() { Node = guest }));
        Assert.Equal("node 1, 1:1 owner, 1>3, 2:1 owner, 2>3", await PresentAsync(new() { Node = owner }));
        Assert.Equal("2:1 owner", await PresentAsync(new() { Network = b, Node = owner, Actions = new HashSet<string> { "member.kicked" } }));
        Assert.Equal("node 1, node 2, node 3", await PresentAsync(new() { Actions = new HashSet<string> { "node.key_rotated" } }));
        Assert.Equal("1>3, 2>3", await PresentAsync(new() { Actions = new HashSet<string> { "invite.expired" } }));
        Assert.Equal("", await PresentAsync(new() { Network = NetworkId.Backbone }));
        Assert.Equal("", await PresentAsync(new() { Network = new(9), Node = new(9) }));

        async Task<string> PresentAsync(WatchFilter filter)
        {
            var (items, revision) = (new List<string>(), replica.State.Revision);
            await foreach (var item in replica.WatchAsync(1, filter, _limit.Token))
            {
                if (item is PresentComplete complete)
                {
                    Assert.Equal((revision, revision + 1), (complete.Revision, item.NextRevision));
                    break;
                }

                Assert.Equal(1UL, item.NextRevision);
                if (item is not HistoryGone) items.Add(TextOf(item));
            }

            return string.Join(", ", items);
        }
    }

    [Fact]
    public async Task A_thousand_watchers_at_once_each_hear_every_event_once_and_in_order()
    {
        const int Watchers = 1_000;
        await using var group = new ReplicaGroup(output, 1);
        var replica = await group.StartAsync("r1");
        var pictures = Enumerable.Range(0, Watchers).Select(_ => new Picture()).ToArray();
        var first = (await replica.RegisterAsync()).Revision;
        var watching = pictures.Select(picture => picture.FollowAsync(replica.WatchAsync(0, token: _limit.Token), first + 300)).ToArray();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => Task.Run(replica.RegisterAsync)));
        Assert.All(outcomes, outcome => Assert.True(outcome.IsOk, $"{outcome}"));
        await Task.WhenAll(watching);
        var expected = replica.ReadEvents(0, int.MaxValue, _ => true).Events.ToList();
        Assert.Equal(301, expected.Count);
        Assert.All(pictures, picture => Assert.Equal(expected, picture.Events));
    }

    [Fact]
    public async Task A_watch_outlives_a_restart_of_the_replica_at_its_revision()
    {
        await using var group = new ReplicaGroup(output, 1) { Configure = options => options.SnapshotBytes = 64 << 10 };
        var replica = await group.StartAsync("r1");
        var picture = new Picture();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 1_500).Select(_ => Task.Run(replica.RegisterAsync)));
        await Wait.UntilAsync(() => replica.Status.SnapshotIndex > 0, "a snapshot");
        var last = await replica.LiveAsync("before", rounds: 1);
        await picture.FollowAsync(replica.WatchAsync(0, token: _limit.Token), last);
        var waiting = picture.FollowAsync(replica.WatchAsync(picture.NextRevision, token: _limit.Token), last + 1);
        await group.StopAsync("r1");
        await Assert.ThrowsAsync<ReplicaUnavailableException>(() => waiting);
        await Assert.ThrowsAsync<ReplicaUnavailableException>(() => picture.FollowAsync(replica.WatchAsync(1), last + 1));

        replica = await group.StartAsync("r1", bootstrap: false);
        await group.LeaderAsync();
        last = await replica.LiveAsync("after", rounds: 1);
        await picture.FollowAsync(replica.WatchAsync(picture.NextRevision, token: _limit.Token), last);
        Assert.Equal(0, picture.GoneCount);
        picture.AssertShows(replica.State);
        Assert.True(outcomes.Length < picture.Events.Count);
    }

    private ReplicaGroup Group()
    {
        var group = new ReplicaGroup(output, 3);
        group.Configure = options => (options.LinkFaults, options.SnapshotBytes) = (group.Links, 64 << 10);
        return group;
    }

    private static string TextOf(WatchItem item) => item switch
    {
        PresentNode x => $"node {x.Node.Id}",
        PresentNetwork x => $"net {x.Network.Id}",
        PresentMember x => $"{x.Member.Address.Network}:{x.Member.Address.Node} {x.Member.Role.ToText()}",
        PresentInvite x => $"{x.Network}>{x.Invite.Target}",
        _ => item.ToString(),
    };
}
