using Membership.Registry.Tests.Handlers;
using Membership.Registry.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Endpoint;

/// <summary>Sockets before real handlers and a real replica.</summary>
[Collection(SharedReplicaCollection.Name)]
public sealed class RealHandlersTests(SharedReplica shared)
{
    private readonly RegistryClient _client = shared.Host.Client();

    [Fact]
    public async Task A_later_request_of_a_connection_sees_what_an_earlier_one_did()
    {
        var node = await _client.RegisterAsync();
        var net = await _client.CreateAsync(await _client.RegisterAsync());
        await using var server = await StartAsync();
        using var socket = await RawClient.ConnectAsync(server.EndPoint);
        var query = Fields("list_nodes", ("network_id", net), ("admin_token", AdminToken)).ToJsonString();
        var requests = new List<string>();
        for (var round = 0; round < 20; round++)
        {
            requests.Add(Signed(node, "join_network", net));
            requests.Add(query);
            requests.Add(Signed(node, "leave_network", net));
            requests.Add(query);
        }

        await socket.SendTogetherAsync([.. requests]);
        for (var round = 0; round < 20; round++)
        {
            Assert.Equal("join_network_ok", (await socket.AnswerAsync()).Type);
            Assert.Equal(2, (await socket.AnswerAsync()).Fields.GetProperty("nodes").GetArrayLength());
            Assert.Equal("leave_network_ok", (await socket.AnswerAsync()).Type);
            Assert.Equal(1, (await socket.AnswerAsync()).Fields.GetProperty("nodes").GetArrayLength());
        }
    }

    [Fact]
    public async Task A_node_may_act_at_once_under_the_key_that_the_request_before_gave_it()
    {
        var node = await _client.RegisterAsync();
        await using var server = await StartAsync();
        using var socket = await RawClient.ConnectAsync(server.EndPoint);
        var next = new TestNode(node.Id, TestNode.NewKey());
        var proof = next.Key.SignText($"rotate_node_key:{ReplicaHost.ClusterId}:{node.Id}:{next.PublicKey}");
        var rotate = _client.Payload(node, "rotate_node_key", ("node_id", node.Id), ("public_key", next.PublicKey), ("new_key_proof", proof));
        var enable = _client.Payload(next, "set_task_exec", ("node_id", node.Id), ("enabled", true));
        await socket.SendTogetherAsync(Sign(node, rotate), Sign(next, enable));
        Assert.Equal("rotate_node_key_ok", (await socket.AnswerAsync()).Type);
        Assert.Equal("set_task_exec_ok", (await socket.AnswerAsync()).Type);
    }

    [Fact]
    public async Task A_node_that_sends_too_many_mutations_is_told_so_on_every_connection_and_others_are_not()
    {
        var (busy, other) = (await _client.RegisterAsync(), await _client.RegisterAsync());
        await using var server = await StartAsync(new() { EndPoint = TestServer.Loopback, NodeMutationsBurst = 3, NodeMutationsPerSecond = 1 });
        using var first = await RawClient.ConnectAsync(server.EndPoint);
        using var second = await RawClient.ConnectAsync(server.EndPoint);
        string Enable(TestNode node) => Sign(node, _client.Payload(node, "set_task_exec", ("node_id", node.Id), ("enabled", true)));
        await first.SendTogetherAsync(Enable(busy), Enable(busy), Enable(busy), Enable(busy));
        for (var i = 0; i < 3; i++) Assert.Equal("set_task_exec_ok", (await first.AnswerAsync()).Type);
        Refused(Code.RateLimited, await first.AnswerAsync());
        Refused(Code.RateLimited, await second.AskAsync(Enable(busy)));
        Assert.Equal("set_task_exec_ok", (await second.AskAsync(Enable(other))).Type);

        // Who only claims to be somebody takes nothing from them.
        var forged = other with { Key = TestNode.NewKey() };
        for (var i = 0; i < 5; i++) Refused(Code.SignatureInvalid, await second.AskAsync(Enable(forged)));
        Assert.Equal("set_task_exec_ok", (await second.AskAsync(Enable(other))).Type);
    }

    [Fact]
    public async Task Only_a_credential_that_verifies_allows_a_large_frame()
    {
        await using var server = await StartAsync();
        using var liar = await RawClient.ConnectAsync(server.EndPoint);
        Refused(Code.AdminTokenInvalid, await liar.AskAsync("""{"type":"delete_network","network_id":9,"admin_token":"wrong"}"""));
        await liar.SendAsync(RawClient.Header(300_000));
        Refused(Code.InvalidFrame, await liar.AnswerAsync());

        using var known = await RawClient.ConnectAsync(server.EndPoint);
        var request = Fields("delete_network", ("network_id", 65_000), ("admin_token", AdminToken), ("padding", new string('x', 300_000)));
        Refused(Code.NetworkNotFound, await known.AskAsync(Fields("delete_network", ("network_id", 65_000), ("admin_token", AdminToken)).ToJsonString()));
        Refused(Code.NetworkNotFound, await known.AskAsync(request.ToJsonString()));
    }

    [Fact]
    public async Task A_program_embeds_it_in_a_few_lines()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton(shared.Host.Replica);
        builder.Services.AddMembershipRegistry(
            new WireOptions { EndPoint = TestServer.Loopback }, shared.Host.Secret, options => options.AdminTokens.Add(AdminToken));
        using var host = builder.Build();
        await host.StartAsync();
        using var client = await RawClient.ConnectAsync(host.Services.GetRequiredService<RegistryServer>().EndPoint);
        Assert.Equal(ReplicaHost.ClusterId, (await client.AskAsync("""{"type":"status"}""")).Text("cluster"));
        await host.StopAsync();
        Assert.Null(await client.ReceiveAsync());
    }

    private async Task<RegistryServer> StartAsync(WireOptions? options = null)
    {
        var server = new RegistryServer(_client.Handlers, options ?? new() { EndPoint = TestServer.Loopback });
        await server.StartAsync();
        return server;
    }

    private string Signed(TestNode node, string type, int net) =>
        Sign(node, _client.Payload(node, type, ("node_id", node.Id), ("network_id", net)));
}
