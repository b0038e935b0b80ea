using System.Collections.Concurrent;
using Membership.Client;
using Membership.Registry.Tests.Handlers;
using Membership.Replication;

namespace Membership.Registry.Tests.Client;

/// <summary>The client's watch: pages, breaks, other replicas, and what takes the place of events that are gone.</summary>
public sealed class WatchTests
{
    [Fact]
    public async Task A_watch_goes_on_where_it_was_on_a_connection_of_its_own()
    {
        await using var replica = ScriptedReplica.Start(r => r.Type != "watch" ? r.Ok("\"network_id\":7") : FromOf(r) switch
        {
            5 => r.Ok($"\"events\":[{Deleted(6)},{Deleted(6)},{Deleted(8)}],\"next_revision\":12"),
            12 => r.Ok("\"events\":[],\"next_revision\":14"),
            _ => ScriptedRequest.Error(Code.NetworkNotFound),
        });
        await using var client = Clients.Admin(replica);
        await client.DeleteNetworkAsync(Clients.Ops);
        var (items, end) = await CollectAsync(client.WatchAsync(5, new() { Network = Clients.Ops }));
        Assert.Equal(Code.NetworkNotFound, end.Code);
        Assert.Equal([(6ul, 6ul), (6ul, 7ul), (8ul, 9ul)], items.Cast<WatchedEvent>().Select(item => (item.Revision, item.NextRevision)));
        var first = (WatchedEvent)items[0];
        Assert.Equal(("network.deleted", (NetworkId?)Clients.Ops, (RequestId?)null), (first.Action, first.Network, first.RequestId));
        Assert.Equal([1, 2, 2, 2], replica.Requests.Select(r => r.Connection));
        Assert.Equal([5, 12, 14], replica.Requests.Skip(1).Select(FromOf));
    }

    [Fact]
    public async Task When_a_replica_goes_the_watch_goes_on_at_another_one_from_the_same_revision()
    {
        var asked = new ConcurrentQueue<int>();
        string Script(ScriptedRequest r)
        {
            asked.Enqueue(FromOf(r));
            return asked.Count switch
            {
                1 => r.Ok($"\"events\":[{Deleted(6)}],\"next_revision\":7"),
                2 => ScriptedReplica.Close,
                3 => ScriptedRequest.Error(Code.Unavailable),
                4 => r.Ok($"\"events\":[{Deleted(9)}],\"next_revision\":10"),
                _ => ScriptedRequest.Error(Code.AdminTokenInvalid),
            };
        }

        await using var one = ScriptedReplica.Start(Script);
        await using var other = ScriptedReplica.Start(Script);
        await using var client = Clients.Admin(one, other);
        var (items, end) = await CollectAsync(client.WatchAsync(5));
        Assert.Equal(Code.AdminTokenInvalid, end.Code);
        Assert.Equal([6ul, 9ul], items.Cast<WatchedEvent>().Select(item => item.Revision));
        Assert.Equal([5, 7, 7, 7, 10], asked);
        Assert.All(new[] { one, other }, replica => Assert.NotEmpty(replica.Requests));
    }

    [Theory]

    // Network 1 is read at 21 and changes at 22. At 21 the networks were as they were read; nothing is read again.
    [InlineData(false, 21, "1: 1, 2: 1", 1)]

    // But if network 2, which is read at 24, has changed at 23, there is no such revision, until network 1 is read again at 25.
    [InlineData(true, 25, "1: 1 2, 2: 1", 2)]
    public async Task The_present_state_is_of_one_revision_and_no_more_is_read_again_than_it_takes(bool changesTwo, int revision, string expected, int readings)
    {
        var asked = new ConcurrentDictionary<(string, int), int>();
        await using var replica = ScriptedReplica.Start(r =>
        {
            var (type, network) = (r.Type, NetworkOf(r));
            var isAgain = asked.AddOrUpdate((type, network), 1, (_, count) => count + 1) > 1;
            var at = network == 2 ? 24 : isAgain ? 25 : 21;
            return type switch
            {
                "watch" => FromOf(r) switch
                {
                    5 => r.Ok("\"gone\":true,\"oldest\":15"),
                    21 => r.Ok($"\"events\":[{Joined(22, 1, 2)}{(changesTwo ? "," + Joined(23, 2, 1) : "")}],\"next_revision\":25"),
                    25 => r.Ok("\"events\":[],\"next_revision\":26"),
                    _ => ScriptedRequest.Error(Code.AdminTokenInvalid),
                },
                "list_networks" => At(r, isAgain ? 24 : 20, $"\"networks\":[{Network(0)},{Network(1)},{Network(2)}]"),
                "get_network" => At(r, at, $"\"network_id\":{network}," + Network(network)[1..^1]),
                "list_nodes" => At(r, at, $"\"network_id\":{network},\"nodes\":[{Member(network, 1)}{(at == 25 ? "," + Member(1, 2) : "")}]"),
                "list_invites" => At(r, at, $"\"network_id\":{network},\"invites\":[]"),
                _ => ScriptedRequest.Error(Code.InvalidArgument, ",\"field\":\"unexpected\""),
            };
        });
        await using var client = Clients.Admin(replica);
        var items = new List<WatchItem>();
        await foreach (var item in client.WatchAsync(5))
        {
            items.Add(item);
            break;
        }

        var present = Assert.IsType<PresentState>(Assert.Single(items));
        Assert.Equal((15ul, (ulong)revision, (ulong)revision + 1), (present.OldestRevision, present.Revision, present.NextRevision));
        Assert.Equal(expected, string.Join(", ", present.Networks.Select(network => $"{network.Network.Network}: {string.Join(' ', network.Members.Select(member => member.Address.Node))}")));
        Assert.Equal((readings, 1), (asked[("list_nodes", 1)], asked[("list_nodes", 2)]));
    }

    [Fact]
    public async Task One_watch_keeps_its_consumer_in_step_whatever_is_gone_meanwhile()
    {
        await using var host = await ReplicaHost.StartAsync(configure: options => options.WatchEventsMax = 500);
        await using var served = await ServedReplica.StartAsync(host);
        using var stop = new CancellationTokenSource();
        using var mayChurn = new ManualResetEventSlim(initialState: true);
        var churning = Enumerable.Range(0, 3).Select(worker => Task.Run(() => ChurnAsync(host.Replica, worker, () =>
        {
            mayChurn.Wait();
            return stop.IsCancellationRequested;
        }))).ToArray();
        var picture = new WatchPicture();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await foreach (var item in served.Admin.WatchAsync(0, cancel: limit.Token))
        {
            picture.Take(item);
            mayChurn.Set();

            // A consumer that pauses: the ring moves past it. What is there is read while little changes: it need not settle otherwise.
            if (item is WatchedEvent && picture.EventCount % 200 == 199)
            {
                await host.Replica.WaitForEventsAsync(picture.NextRevision + 600, limit.Token);
                mayChurn.Reset();
            }

            // Whoever stops within a revision hears all of it again.
            var isWhole = item is not WatchedEvent happened || happened.NextRevision > happened.Revision;
            if (isWhole && picture.GoneCount >= 2 && picture.EventCount > 500) break;
        }

        await stop.CancelAsync();
        mayChurn.Set();
        await Task.WhenAll(churning);
        await picture.FollowAsync(served.Admin, host.Replica.State.Revision - 1);
        if (picture.NextRevision <= host.Replica.State.Revision)
            await picture.FollowAsync(served.Admin, (await host.Replica.ProposeAsync(Registration(), Actor.Admin())).Revision);
        picture.AssertShows(host.Replica.State);
    }

    [Fact]
    public async Task A_node_is_told_of_its_own_networks_and_invites()
    {
        await using var host = await ReplicaHost.StartAsync(configure: options => options.WatchEventsMax = 1);
        await using var served = await ServedReplica.StartAsync(host);
        var (alice, bob) = (await served.RegisterAsync(), await served.RegisterAsync());
        var nets = new List<NetworkId>();
        foreach (var name in new[] { "one", "two", "three" })
            nets.Add((await served.Admin.CreateNetworkAsync(new() { Creator = alice.Id, Name = name, JoinRule = JoinRule.Invite, Enterprise = true })).Require().Network);
        foreach (var net in nets.Take(2)) await served.As(alice).InviteToNetworkAsync(net, alice.Id, bob.Id);
        await served.As(bob).RespondInviteAsync(bob.Id, nets[0], accept: true);

        Assert.Equal("1: 2; inbox 2", await PresentAsync(served.As(bob), new() { Node = bob.Id }));
        Assert.Equal("1: 1 2; inbox", await PresentAsync(served.As(bob), new() { Network = nets[0] }));
        Assert.Equal("1: 1 2; inbox", await PresentAsync(served.As(bob), null));
        Assert.Equal("1: 1 2, 2: 1 >2, 3: 1; inbox", await PresentAsync(served.As(alice), null));
        Assert.Equal("1: 1, 2: 1 >2, 3: 1; inbox", await PresentAsync(served.Admin, new() { Node = alice.Id }));
        Assert.Equal("; inbox", await PresentAsync(served.Admin, new() { Node = new(99) }));
        Assert.Equal("; inbox", await PresentAsync(served.Admin.As(ClientIdentity.Anonymous), null));
    }

    private static async Task<string> PresentAsync(MembershipClient client, WatchFilter? filter)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var item in client.WatchAsync(1, filter, limit.Token))
        {
            var present = Assert.IsType<PresentState>(item);
            var networks = present.Networks.Select(network =>
                $"{network.Network.Network}: {string.Join(' ', [.. network.Members.Select(member => $"{member.Address.Node}"), .. network.Invites.Select(invite => $">{invite.Target}")])}");
            return $"{string.Join(", ", networks)}; inbox {string.Join(' ', present.Inbox.Select(invite => invite.Network))}".TrimEnd();
        }

        throw new InvalidOperationException("A watch ended.");
    }

    // Networks come and go, nodes are invited, join and leave.
    private static async Task ChurnAsync(MembershipReplica replica, int worker, Func<bool> isOver)
    {
        for (var round = 0; !isOver(); round++)
        {
            var (owner, guest) = (await NodeAsync(), await NodeAsync());
            var created = await ChangeAsync(new CreateNetwork { Creator = owner, Name = $"net-{worker}-{round}", JoinRule = JoinRule.Invite, Enterprise = true });
            await ChangeAsync(new InviteToNetwork(created.Results.Network, owner, guest));
            await replica.ProposeAsync(new RespondInvite(guest, created.Results.Network, true), Actor.ForNode(guest));
            await ChangeAsync(new InviteToNetwork(created.Results.Network, owner, await NodeAsync()));
            if (round % 2 == 0) await ChangeAsync(new DeregisterNode(owner));
            if (round % 8 != 0) await ChangeAsync(new DeleteNetwork(created.Results.Network));
        }

        async Task<NodeId> NodeAsync() => (await ChangeAsync(Registration())).Results.Node;

        async Task<Outcome> ChangeAsync(Mutation mutation)
        {
            var outcome = await replica.ProposeAsync(mutation, Actor.Admin());
            Assert.True(outcome.IsOk, $"{mutation}: {outcome}");
            return outcome;
        }
    }

    private static RegisterNode Registration() => new(TestNode.NewKey().PublicKey);

    private static int FromOf(ScriptedRequest request) => request.Fields.GetProperty("from_revision").GetInt32();

    private static int NetworkOf(ScriptedRequest request) => request.Fields.TryGetProperty("network_id", out var id) ? id.GetInt32() : 0;

    private static string At(ScriptedRequest request, int revision, string fields) => $$"""{"type":"{{request.Type}}_ok","revision":{{revision}},{{fields}}}""";

    private static string Deleted(int revision) => Event(revision, "network.deleted", "\"network_id\":7");

    private static string Joined(int revision, int network, int node) => Event(revision, "network.joined", $"\"network_id\":{network},\"node_id\":{node}");

    private static string Event(int revision, string action, string attributes) =>
        $$$"""{"revision":{{{revision}}},"time":1000,"actor":"admin","actor_role":"admin","action":"{{{action}}}","attributes":{{{{attributes}}}}}""";

    private static string Network(int id) => $$"""{"id":{{id}},"name":"n{{id}}","join_rule":"open","enterprise":false,"created":1}""";

    private static string Member(int network, uint node) =>
        $$"""{"node_id":{{node}},"address":"{{new NodeAddress(new((ushort)network), new(node))}}","role":"member","member_tags":[],"task_exec":false,"joined_at":1}""";

    private static async Task<(IReadOnlyList<WatchItem> Items, MembershipRequestException End)> CollectAsync(IAsyncEnumerable<WatchItem> watch)
    {
        var items = new List<WatchItem>();
        var end = await Assert.ThrowsAsync<MembershipRequestException>(async () =>
        {
            await foreach (var item in watch) items.Add(item);
        });
        return (items, end);
    }
}
