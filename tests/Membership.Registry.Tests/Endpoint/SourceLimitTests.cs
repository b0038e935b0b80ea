using System.Net;
using Membership.Registry.Tests.Handlers;
using Membership.Registry.Wire;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Endpoint;

/// <summary>What one source address may take; another one, which on loopback is just another address, is none the worse for it.</summary>
[Collection(SharedReplicaCollection.Name)]
public sealed class SourceLimitTests(SharedReplica shared)
{
    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.2");

    private readonly RegistryClient _client = shared.Host.Client();

    [Fact]
    public async Task A_source_has_so_many_connections_and_gets_room_back()
    {
        await using var server = await TestServer.StartAsync(Options with { ConnectionsPerSourceMax = 2 });
        using (var first = await server.ConnectAsync())
        using (var second = await server.ConnectAsync())
        {
            await first.AskAsync(Json.Status(1));
            await second.AskAsync(Json.Status(2));
            using var third = await server.ConnectAsync();
            Assert.Equal(Code.Overloaded, (await third.AnswerAsync()).Code);
            Assert.Null(await third.ReceiveAsync());
            using var other = await RawClient.ConnectAsync(server.Server.EndPoint, from: Other);
            Assert.Equal(3u, (await other.AskAsync(Json.Status(3))).Revision);
        }

        await Wait.UntilAsync(() => server.Server.ConnectionCount == 0, "all to be gone");
        await server.AssertServesAsync();
    }

    [Fact]
    public async Task Nothing_is_kept_of_connections_that_were_served_or_refused()
    {
        await using var server = await TestServer.StartAsync(Options with { ConnectionsPerSourceMax = 1, StallTimeout = TimeSpan.FromHours(1) });
        for (var i = 0; i < 20; i++)
        {
            using var served = await server.ConnectAsync();
            await served.AskAsync(Json.Status(i));
            using var refused = await server.ConnectAsync();
            Assert.Equal(Code.Overloaded, (await refused.AnswerAsync()).Code);
            served.Dispose();
            await Wait.UntilAsync(() => server.Server.ConnectionCount == 0, "both to be gone");
        }

        await Wait.UntilAsync(() => server.Server.ClosingConnectionCount == 0, "nothing to be kept");
    }

    [Fact]
    public async Task A_source_has_so_many_requests_in_flight_and_the_next_is_refused_alone()
    {
        await using var server = await TestServer.StartAsync(Options with { InFlightPerSourceMax = 3 });
        using var first = await server.ConnectAsync();
        using var second = await server.ConnectAsync();
        using var other = await RawClient.ConnectAsync(server.Server.EndPoint, from: Other);
        server.Handlers.Hold("list_networks");
        await first.SendTogetherAsync(Json.ListNetworks(1), Json.ListNetworks(2), Json.ListNetworks(3));
        await Wait.UntilAsync(() => server.Handlers.Running == 3, "three of them");
        Assert.Equal(Code.Overloaded, (await second.AskAsync(Json.Status(4))).Code);
        Assert.Equal(5u, (await other.AskAsync(Json.Status(5))).Revision);
        server.Handlers.Release("list_networks");
        for (var i = 1u; i <= 3; i++) Assert.Equal(i, (await first.AnswerAsync()).Revision);
        for (var i = 6u; i <= 20; i++) Assert.Equal(i, (await second.AskAsync(Json.Status((int)i))).Revision);
    }

    [Fact]
    public async Task Too_many_wrong_credentials_of_a_source_are_not_looked_at_any_more()
    {
        await using var server = await ServeAsync(Options with { FailedCredentialsPerMinute = 3 });
        var right = Fields("list_networks", ("admin_token", AdminToken)).ToJsonString();
        var wrong = Fields("list_networks", ("admin_token", "wrong")).ToJsonString();
        var forger = new TestNode((await _client.RegisterAsync()).Id, TestNode.NewKey());
        using var known = await RawClient.ConnectAsync(server.EndPoint);
        using var guesser = await RawClient.ConnectAsync(server.EndPoint);
        Ok(await known.AskAsync(right));
        for (var i = 0; i < 2; i++) Refused(Code.AdminTokenInvalid, await guesser.AskAsync(wrong));
        Refused(Code.SignatureInvalid, await guesser.AskAsync(Sign(forger, _client.Payload(forger, "list_networks"))));
        Refused(Code.RateLimited, await guesser.AskAsync(wrong));

        // Nor is a right one told from a wrong one, on any connection of that source that has not shown one before.
        using var fresh = await RawClient.ConnectAsync(server.EndPoint);
        Refused(Code.RateLimited, await fresh.AskAsync(right));
        Ok(await fresh.AskAsync("""{"type":"list_networks"}"""));
        Ok(await known.AskAsync(right));
        Refused(Code.AdminTokenInvalid, await known.AskAsync(wrong));
        using var other = await RawClient.ConnectAsync(server.EndPoint, from: Other);
        Ok(await other.AskAsync(right));
    }

    [Fact]
    public async Task Failures_are_forgiven_with_time()
    {
        using var limits = new SourceLimits(Options with { FailedCredentialsPerMinute = 600 });
        for (var i = 0; i < 700; i++) limits.CountFailure(Other);
        Assert.False(limits.MayTry(Other));
        Assert.True(limits.MayTry(IPAddress.Loopback));
        await Wait.UntilAsync(() => limits.MayTry(Other), "another try");
    }

    [Fact]
    public void A_network_of_64_bits_is_one_source()
    {
        using var limits = new SourceLimits(Options with { ConnectionsPerSourceMax = 1 });
        Assert.True(limits.TryConnect(IPAddress.Parse("2001:db8:1:2::1"), out var taken));
        Assert.False(limits.TryConnect(IPAddress.Parse("2001:db8:1:2:ffff::9"), out _));
        Assert.True(limits.TryConnect(IPAddress.Parse("2001:db8:1:3::1"), out _));
        Assert.True(limits.TryConnect(null, out var none));
        Assert.Null(none);
        taken!.Dispose();
        Assert.True(limits.TryConnect(IPAddress.Parse("2001:db8:1:2:ffff::9"), out _));
    }

    private static WireOptions Options => new() { EndPoint = TestServer.Loopback };

    private async Task<RegistryServer> ServeAsync(WireOptions options)
    {
        var server = new RegistryServer(_client.Handlers, options);
        await server.StartAsync();
        return server;
    }
}
