using System.Diagnostics;
using System.Text.Json;
using Membership.Protocol.Answers;
using Membership.Registry.Tests.Handlers;
using Membership.Registry.Wire;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Endpoint;

/// <summary><c>watch</c> by sockets, before a real replica.</summary>
[Collection(SharedReplicaCollection.Name)]
public sealed class WatchTests(SharedReplica shared)
{
    private const int WaitMsMax = 30_000;

    private readonly RegistryClient _client = shared.Host.Client();
    private int _waiting;

    private ulong Next => shared.Host.Replica.State.Revision + 1;

    [Fact]
    public async Task A_long_poll_wakes_with_the_event_and_the_next_one_goes_on_behind_it()
    {
        var (owner, member) = (await _client.RegisterAsync(), await _client.RegisterAsync());
        var net = await _client.CreateAsync(owner);
        await using var server = await StartAsync();
        using var socket = await RawClient.ConnectAsync(server.EndPoint);
        var next = Next;
        for (var round = 0; round < 3; round++)
        {
            var polling = socket.AskAsync(Poll(next, ("network_id", net)));
            await WaitsAsync();
            var since = Stopwatch.GetTimestamp();
            var joined = Ok(await _client.SignedAsync(member, "join_network", ("node_id", member.Id), ("network_id", net)));
            var answer = Ok(await polling);
            Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 10);
            var seen = Assert.Single(Events(answer));
            Assert.Equal((joined.Revision, "network.joined"), (seen.GetProperty("revision").GetUInt64(), ActionOf(seen)));
            Assert.Equal(net, seen.GetProperty("attributes").GetProperty("network_id").GetInt32());
            Assert.Equal(joined.Revision + 1, answer.Number("next_revision"));
            Assert.True(answer.Revision >= joined.Revision);
            var left = Ok(await _client.SignedAsync(member, "leave_network", ("node_id", member.Id), ("network_id", net)));
            answer = Ok(await socket.AskAsync(Poll(joined.Revision + 1, ("network_id", net))));
            Assert.Equal(["network.left"], Actions(answer));
            next = left.Revision + 1;
        }
    }

    [Fact]
    public async Task A_poll_in_which_nothing_happens_ends_in_time_with_where_to_go_on()
    {
        var owner = await _client.RegisterAsync();
        var net = await _client.CreateAsync(owner);
        await using var server = await StartAsync();
        using var socket = await RawClient.ConnectAsync(server.EndPoint);
        var answer = Ok(await socket.AskAsync(Poll(Next, waitMs: 0)));
        Assert.Equal((0, Next), (Events(answer).Length, answer.Number("next_revision")));
        var since = Stopwatch.GetTimestamp();
        var polling = socket.AskAsync(Poll(Next, waitMs: 1_000, fields: ("network_id", net)));
        await WaitsAsync();

        // What the filter leaves out moves the revision, and wakes nobody.
        await _client.RegisterAsync();
        answer = Ok(await polling);
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0.99, 15);
        Assert.Equal((0, Next), (Events(answer).Length, answer.Number("next_revision")));

        // A revision that is not there yet is waited for, and stays where to go on.
        answer = Ok(await socket.AskAsync(Poll(Next + 1_000, waitMs: 10)));
        Assert.Equal((0, Next + 1_000), (Events(answer).Length, answer.Number("next_revision")));
    }

    [Fact]
    public async Task Pages_hold_whole_revisions_and_lose_nothing()
    {
        var (owner, second, third) = (await _client.RegisterAsync(), await _client.RegisterAsync(), await _client.RegisterAsync());
        var nets = new List<int>();
        for (var i = 0; i < 3; i++) nets.Add(await _client.CreateAsync(owner));
        foreach (var net in nets)
        {
            Ok(await _client.SignedAsync(second, "join_network", ("node_id", second.Id), ("network_id", net)));
            Ok(await _client.SignedAsync(third, "join_network", ("node_id", third.Id), ("network_id", net)));
        }

        // Deregistered, left three networks and three successors: seven events at one revision, twice.
        var from = Next;
        Ok(await _client.AdminAsync("deregister_node", ("node_id", owner.Id)));
        Ok(await _client.AdminAsync("deregister_node", ("node_id", second.Id)));
        Ok(await _client.AdminAsync("deregister_node", ("node_id", third.Id)));
        await using var server = await StartAsync();
        using var socket = await RawClient.ConnectAsync(server.EndPoint);
        foreach (var (max, sizes) in new (int, int[])[] { (1, [7, 7, 4]), (7, [7, 7, 4]), (10, [7, 7, 4]), (11, [7, 11]), (14, [14, 4]), (18, [18]) })
        {
            var (next, actions) = (from, new List<string>());
            foreach (var size in sizes)
            {
                var answer = Ok(await socket.AskAsync(Poll(next, waitMs: 0, max: max)));
                Assert.Equal(size, Events(answer).Length);
                actions.AddRange(Actions(answer));
                next = answer.Number("next_revision")!.Value;
            }

            Assert.Equal(Next, next);
            Assert.Equal(18, actions.Count);
            Assert.Equal(["node.deregistered", "network.left", "network.left", "network.left", "network.owner_changed"], actions.Take(5));
        }
    }

    [Fact]
    public async Task Each_hears_what_it_may_see()
    {
        var (owner, member, stranger) = (await _client.RegisterAsync(), await _client.RegisterAsync(), await _client.RegisterAsync());
        var from = Next;
        var net = await _client.CreateAsync(owner, ("join_rule", "invite"), ("enterprise", true), ("network_admin_token", "net"));
        Ok(await _client.SignedAsync(owner, "invite_to_network", ("inviter_id", owner.Id), ("network_id", net), ("target_node_id", member.Id)));
        Ok(await _client.SignedAsync(member, "respond_invite", ("node_id", member.Id), ("network_id", net), ("accept", true)));
        Ok(await _client.SignedAsync(owner, "invite_to_network", ("inviter_id", owner.Id), ("network_id", net), ("target_node_id", stranger.Id)));
        Ok(await _client.AdminAsync("set_external_id", ("node_id", member.Id), ("external_id", "m")));
        await using var server = await StartAsync();
        using var socket = await RawClient.ConnectAsync(server.EndPoint);
        async Task<string> HeardAsync(string request) => string.Join(' ', Actions(Ok(await socket.AskAsync(request))));
        var plain = Poll(from, waitMs: 0, token: null);
        string By(TestNode node) => Signed(node, from, 0);

        const string All = "network.created invite.created invite.responded network.joined invite.created identity.external_id_set";
        Assert.Equal(All, await HeardAsync(Poll(from, waitMs: 0)));
        Assert.Equal("network.created invite.created invite.responded network.joined invite.created", await HeardAsync(By(owner)));
        Assert.Equal("network.created invite.created invite.responded network.joined identity.external_id_set", await HeardAsync(By(member)));
        Assert.Equal("invite.created", await HeardAsync(By(stranger)));
        Assert.Equal("", await HeardAsync(plain));
        Assert.Equal("network.created invite.created invite.responded network.joined invite.created", await HeardAsync(Poll(from, waitMs: 0, token: "net", fields: ("network_id", net))));

        // Of a network that one may not see one may not ask, nor of what never was one; an admin may.
        foreach (var hidden in new[] { net, 65_000, 0 })
        {
            Refused(Code.NetworkNotFound, await socket.AskAsync(Poll(from, waitMs: 0, token: null, fields: ("network_id", hidden))));
            Refused(Code.NetworkNotFound, await socket.AskAsync(Signed(stranger, from, 0, ("network_id", hidden))));
        }

        Refused(Code.NetworkNotFound, await socket.AskAsync(Poll(from, waitMs: 0, fields: ("network_id", 0))));
        Assert.Equal("", await HeardAsync(Poll(from, waitMs: 0, fields: ("network_id", 65_000))));
        Refused(Code.NodeNotFound, await socket.AskAsync(Poll(from, waitMs: 0, fields: ("node_id", 0))));
        Refused(Code.AdminTokenInvalid, await socket.AskAsync(Poll(from, waitMs: 0, token: "wrong")));
    }

    [Fact]
    public async Task Filters_by_node_and_actions_leave_out_the_rest()
    {
        var (owner, member) = (await _client.RegisterAsync(), await _client.RegisterAsync());
        var from = Next;
        var net = await _client.CreateAsync(owner);
        Ok(await _client.SignedAsync(member, "join_network", ("node_id", member.Id), ("network_id", net)));
        Ok(await _client.SignedAsync(member, "set_task_exec", ("node_id", member.Id), ("enabled", true)));
        Ok(await _client.SignedAsync(owner, "rename_network", ("network_id", net), ("name", $"n-{net}")));
        await using var server = await StartAsync();
        using var socket = await RawClient.ConnectAsync(server.EndPoint);
        async Task<string> HeardAsync(params (string, object?)[] fields) => string.Join(' ', Actions(Ok(await socket.AskAsync(Poll(from, waitMs: 0, fields: fields)))));
        Assert.Equal("network.joined task_exec.changed", await HeardAsync(("node_id", member.Id)));
        Assert.Equal("network.created", await HeardAsync(("node_id", owner.Id)));
        Assert.Equal("network.created network.joined network.renamed", await HeardAsync(("network_id", net)));
        string[] two = ["task_exec.changed", "network.renamed"], unknown = ["network.exploded"];
        Assert.Equal("task_exec.changed network.renamed", await HeardAsync(("actions", two)));
        Assert.Equal("network.renamed", await HeardAsync(("network_id", net), ("actions", two)));
        Assert.Equal("", await HeardAsync(("actions", unknown)));
    }

    [Theory]
    [InlineData("from_revision", """{"type":"watch","max":1,"wait_ms":0}""")]
    [InlineData("from_revision", """{"type":"watch","from_revision":-1,"max":1,"wait_ms":0}""")]
    [InlineData("network_id", """{"type":"watch","from_revision":1,"network_id":65536,"max":1,"wait_ms":0}""")]
    [InlineData("node_id", """{"type":"watch","from_revision":1,"node_id":"5","max":1,"wait_ms":0}""")]
    [InlineData("actions", """{"type":"watch","from_revision":1,"actions":"network.joined","max":1,"wait_ms":0}""")]
    [InlineData("actions", """{"type":"watch","from_revision":1,"actions":["network.joined",5],"max":1,"wait_ms":0}""")]
    [InlineData("max", """{"type":"watch","from_revision":1,"wait_ms":0}""")]
    [InlineData("max", """{"type":"watch","from_revision":1,"max":0,"wait_ms":0}""")]
    [InlineData("max", """{"type":"watch","from_revision":1,"max":1001,"wait_ms":0}""")]
    [InlineData("wait_ms", """{"type":"watch","from_revision":1,"max":1}""")]
    [InlineData("wait_ms", """{"type":"watch","from_revision":1,"max":1,"wait_ms":30001}""")]
    public async Task A_field_that_is_wrong_is_named(string field, string request)
    {
        await using var server = await StartAsync();
        using var socket = await RawClient.ConnectAsync(server.EndPoint);
        var answer = await socket.AskAsync(request);
        Assert.Equal((Code.InvalidArgument, field), (answer.Code, answer.Field));
    }

    [Fact]
    public async Task Who_waits_hears_of_the_end_of_the_network_and_then_that_there_is_none()
    {
        var (owner, member, kicked) = (await _client.RegisterAsync(), await _client.RegisterAsync(), await _client.RegisterAsync());
        var net = await _client.CreateAsync(owner, ("join_rule", "token"), ("token", "t"), ("enterprise", true));
        foreach (var node in new[] { member, kicked })
            Ok(await _client.SignedAsync(node, "join_network", ("node_id", node.Id), ("network_id", net), ("token", "t")));
        await using var server = await StartAsync();
        using var first = await RawClient.ConnectAsync(server.EndPoint);
        using var second = await RawClient.ConnectAsync(server.EndPoint);
        var from = Next;
        var (mine, theirs) = (first.AskAsync(Signed(member, from, WaitMsMax, ("network_id", net))), second.AskAsync(Signed(kicked, from, WaitMsMax, ("network_id", net))));
        await WaitsAsync(2);
        Ok(await _client.SignedAsync(owner, "kick_member", ("network_id", net), ("target_node_id", kicked.Id)));
        Assert.Equal(["member.kicked"], Actions(Ok(await theirs)));
        Assert.Equal(["member.kicked"], Actions(Ok(await mine)));
        Refused(Code.NetworkNotFound, await second.AskAsync(Signed(kicked, Next, 0, ("network_id", net))));
        mine = first.AskAsync(Signed(member, Next, WaitMsMax, ("network_id", net)));
        theirs = second.AskAsync(Signed(kicked, Next, 1_000));
        await WaitsAsync(2);
        Ok(await _client.SignedAsync(owner, "delete_network", ("network_id", net)));
        Assert.Equal(["network.deleted"], Actions(Ok(await mine)));
        Assert.Empty(Actions(Ok(await theirs)));
        Refused(Code.NetworkNotFound, await first.AskAsync(Signed(member, Next, 0, ("network_id", net))));

        // Those who could see it then hear of it later, too.
        string[] deleted = ["network.deleted"];
        Assert.Equal(deleted, Actions(Ok(await first.AskAsync(Signed(member, from, 0, ("actions", deleted))))));
        Assert.Empty(Actions(Ok(await first.AskAsync(Signed(kicked, from, 0, ("actions", deleted))))));
    }

    [Fact]
    public async Task A_credential_that_is_replaced_during_the_wait_is_stale()
    {
        var node = await _client.RegisterAsync();
        await using var server = await StartAsync();
        using var socket = await RawClient.ConnectAsync(server.EndPoint);
        var polling = socket.AskAsync(Signed(node, Next, WaitMsMax));
        await WaitsAsync();
        using var next = TestNode.NewKey();
        var proof = next.SignText($"rotate_node_key:{ReplicaHost.ClusterId}:{node.Id}:{next.PublicKey}");
        Ok(await _client.SignedAsync(node, "rotate_node_key", ("node_id", node.Id), ("public_key", next.PublicKey.ToString()), ("new_key_proof", proof)));
        Refused(Code.StaleCredential, await polling);
        Refused(Code.StaleCredential, await socket.AskAsync(Signed(node, Next, 0)));
        Assert.Empty(Actions(Ok(await socket.AskAsync(Signed(node with { Key = next }, Next, 0)))));
    }

    [Fact]
    public async Task A_client_that_goes_gives_its_watch_up()
    {
        await using var scripted = await TestServer.StartAsync();
        scripted.Handlers.Hold("watch");
        using (var gone = await scripted.ConnectAsync())
        {
            await gone.SendAsync(Json.Watch(1));
            await Wait.UntilAsync(() => scripted.Handlers.Running == 1, "the watch");
        }

        await Wait.UntilAsync(() => scripted.Handlers.Running == 0, "the watch to be given up");
        Assert.Equal(1, scripted.Handlers.GivenUp);
    }

    [Fact]
    public async Task A_watch_is_given_up_when_its_server_stops()
    {
        await using var server = await StartAsync();
        using var socket = await RawClient.ConnectAsync(server.EndPoint);
        await socket.SendAsync(Poll(Next));
        await WaitsAsync();
        var since = Stopwatch.GetTimestamp();
        await server.StopAsync();
        Assert.Equal(0, await socket.DrainAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 15);
        await WaitsAsync(0);
    }

    private static string Poll(ulong from, params (string Name, object? Value)[] fields) => Poll(from, WaitMsMax, AdminToken, 1_000, fields);

    private static string Poll(ulong from, int waitMs, string? token = AdminToken, int max = 1_000, params (string Name, object? Value)[] fields) => Fields(
        "watch", [("from_revision", from), ("max", max), ("wait_ms", waitMs), .. fields, .. token is null ? [] : new (string, object?)[] { ("admin_token", token) }]).ToJsonString();

    private string Signed(TestNode node, ulong from, int waitMs, params (string Name, object? Value)[] fields) =>
        Sign(node, _client.Payload(node, "watch", [("from_revision", from), ("max", 1_000), ("wait_ms", waitMs), .. fields]));

    private static JsonElement[] Events(Answer answer) => [.. answer.Fields.GetProperty("events").EnumerateArray()];

    private static string[] Actions(Answer answer) => [.. Events(answer).Select(ActionOf)];

    private static string ActionOf(JsonElement seen) => seen.GetProperty("action").GetString()!;

    private Task WaitsAsync(int watches = 1) => Wait.UntilAsync(() => Volatile.Read(ref _waiting) == watches, $"{watches} that wait for events");

    private async Task<RegistryServer> StartAsync()
    {
        var server = new RegistryServer(HandleAsync, _client.Handlers.Parser, new() { EndPoint = new(System.Net.IPAddress.Loopback, 0) });
        await server.StartAsync();
        return server;
    }

    // All that these handlers do for a watch they do at once, but to wait.
    private async ValueTask<RegistryAnswer> HandleAsync(ReadRequest request, RequestSource source, MutationTurn? turn, CancellationToken token)
    {
        var answer = _client.Handlers.HandleAsync(request, source, turn, token);
        if (answer.IsCompleted) return await answer;
        Interlocked.Increment(ref _waiting);
        try
        {
            return await answer;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
