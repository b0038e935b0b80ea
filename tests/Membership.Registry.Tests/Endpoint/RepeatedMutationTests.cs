using System.Net;
using Membership.Protocol.Signing;
using Membership.Registry.Tests.Handlers;
using Membership.Registry.Wire;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Endpoint;

/// <summary>Whoever sends again what a node once sent takes nothing from the node's rate, and has one of their own.</summary>
[Collection(SharedReplicaCollection.Name)]
public sealed class RepeatedMutationTests(SharedReplica shared)
{
    private const int Burst = 3;
    private static readonly IPAddress Elsewhere = IPAddress.Parse("127.0.0.2");

    private readonly RegistryClient _client = shared.Host.Client(new() { LegacySignatures = true });

    [Fact]
    public async Task A_captured_request_counts_once_against_its_node()
    {
        var node = await _client.RegisterAsync();
        await using var server = await StartAsync();
        using var own = await RawClient.ConnectAsync(server.EndPoint);
        using var thief = await RawClient.ConnectAsync(server.EndPoint, from: Elsewhere);
        var captured = Sign(node, Enable(node));
        Assert.Equal("set_task_exec_ok", (await own.AskAsync(captured)).Type);
        for (var i = 0; i < Burst; i++) Assert.Equal("set_task_exec_ok", (await thief.AskAsync(captured)).Type);
        await LimitedAsync(thief, () => captured);
        for (var i = 1; i < Burst; i++) Assert.Equal("set_task_exec_ok", (await own.AskAsync(Sign(node, Enable(node)))).Type);
        await LimitedAsync(own, () => Sign(node, Enable(node)));
    }

    [Fact]
    public async Task Copies_that_are_under_way_at_the_same_time_count_once()
    {
        var node = await _client.RegisterAsync();
        await using var server = await StartAsync();
        using var thief = await RawClient.ConnectAsync(server.EndPoint, from: Elsewhere);
        var captured = Sign(node, Enable(node));
        await thief.SendTogetherAsync([.. Enumerable.Repeat(captured, 1 + Burst)]);
        for (var i = 0; i < 1 + Burst; i++) Assert.Equal("set_task_exec_ok", (await thief.AnswerAsync()).Type);
        using var own = await RawClient.ConnectAsync(server.EndPoint);
        for (var i = 1; i < Burst; i++) Assert.Equal("set_task_exec_ok", (await own.AskAsync(Sign(node, Enable(node)))).Type);
    }

    [Fact]
    public async Task What_is_no_longer_fresh_counts_for_nobodys_but_its_source()
    {
        var node = await _client.RegisterAsync();
        await using var server = await StartAsync();
        using var thief = await RawClient.ConnectAsync(server.EndPoint, from: Elsewhere);
        var old = Enable(node);
        old["issued_at"] = shared.Host.Time.UnixSeconds - 300;
        for (var i = 0; i < Burst; i++) Refused(Code.RequestExpired, await thief.AskAsync(Sign(node, old)));
        await LimitedAsync(thief, () => Sign(node, old));
        using var own = await RawClient.ConnectAsync(server.EndPoint);
        for (var i = 0; i < Burst; i++) Assert.Equal("set_task_exec_ok", (await own.AskAsync(Sign(node, Enable(node)))).Type);
    }

    [Fact]
    public async Task A_captured_signature_of_a_stock_client_takes_nothing_from_the_node_elsewhere()
    {
        var node = await _client.RegisterAsync();
        await using var server = await StartAsync();
        using var thief = await RawClient.ConnectAsync(server.EndPoint, from: Elsewhere);
        using var own = await RawClient.ConnectAsync(server.EndPoint);
        var captured = Fields(
            "set_task_exec", ("node_id", node.Id), ("enabled", true), ("signature", node.Key.SignText(SignedText.SetTaskExec(node.Id)))).ToJsonString();
        for (var i = 0; i < Burst; i++) Assert.Equal("set_task_exec_ok", (await thief.AskAsync(captured)).Type);
        await LimitedAsync(thief, () => captured);
        for (var i = 0; i < Burst; i++) Assert.Equal("set_task_exec_ok", (await own.AskAsync(captured)).Type);
    }

    // A slow machine earns a new permit meanwhile.
    private static async Task LimitedAsync(RawClient client, Func<string> request)
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            if ((await client.AskAsync(request())).Code == Code.RateLimited) return;
        }

        Assert.Fail("There is no limit.");
    }

    private System.Text.Json.Nodes.JsonObject Enable(TestNode node) =>
        _client.Payload(node, "set_task_exec", ("node_id", node.Id), ("enabled", true));

    private async Task<RegistryServer> StartAsync()
    {
        var options = new WireOptions { EndPoint = TestServer.Loopback, NodeMutationsBurst = Burst, NodeMutationsPerSecond = 1 };
        var server = new RegistryServer(_client.Handlers, options);
        await server.StartAsync();
        return server;
    }
}
