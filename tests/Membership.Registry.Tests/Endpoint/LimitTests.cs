using Membership.Registry.Wire;

namespace Membership.Registry.Tests.Endpoint;

public sealed class LimitTests
{
    [Fact]
    public async Task An_idle_connection_is_closed_and_one_that_waits_for_its_answer_is_not()
    {
        await using var server = await TestServer.StartAsync(Options with { IdleTimeout = TimeSpan.FromMilliseconds(300) });
        using var idle = await server.ConnectAsync();
        using var half = await server.ConnectAsync();
        using var waiting = await server.ConnectAsync();
        server.Handlers.Hold("rename_network");
        await half.SendAsync(RawClient.Frame(Json.Status(1)).AsMemory(0, 10));
        await waiting.SendAsync(Json.Rename(1));
        Assert.Null(await idle.ReceiveAsync());
        Assert.Null(await half.ReceiveAsync());
        server.Handlers.Release("rename_network");
        Assert.Equal(1u, (await waiting.AnswerAsync()).Revision);
        Assert.Null(await waiting.ReceiveAsync());
        await Wait.UntilAsync(() => server.Server is { ConnectionCount: 0, HeldBytes: 0 }, "all to be gone");
    }

    [Fact]
    public async Task Connections_that_are_gone_do_not_hinder_the_sweep()
    {
        var options = Options with { IdleTimeout = TimeSpan.FromMilliseconds(800), StallTimeout = TimeSpan.FromMilliseconds(100) };
        await using var server = await TestServer.StartAsync(options);
        for (var i = 0; i < 20; i++) await server.AssertServesAsync();
        using var first = await server.ConnectAsync();
        Assert.Null(await first.ReceiveAsync());
        using var second = await server.ConnectAsync();
        Assert.Null(await second.ReceiveAsync());
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_off_and_holds_nothing_any_more()
    {
        await using var server = await TestServer.StartAsync(Options with { StallTimeout = TimeSpan.FromMilliseconds(500) });
        using var good = await server.ConnectAsync();
        using var slow = await server.ConnectAsync(receiveBytes: 4096);
        server.Handlers.Padding = 2_000_000;
        for (var i = 0; i < 40; i++) await slow.SendAsync(Json.Status(i));
        await Wait.UntilAsync(() => server.Server.HeldBytes > 2_000_000, "answers to be held");
        await Wait.UntilAsync(() => server.Server is { ConnectionCount: 1, HeldBytes: 0 }, "the slow one to be cut off");
        Assert.InRange(await slow.DrainAsync(), 0, 39 * 2_000_000);
        server.Handlers.Padding = 0;
        Assert.Equal(5u, (await good.AskAsync(Json.Status(5))).Revision);
    }

    [Fact]
    public async Task A_client_that_reads_slowly_but_reads_gets_all_of_a_large_answer()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync(receiveBytes: 4096);
        server.Handlers.Padding = 4_000_000;
        Assert.Equal(4_000_000, (await client.AskAsync(Json.Status(1))).Text("padding")!.Length);
    }

    [Fact]
    public async Task One_connection_too_many_hears_overloaded()
    {
        await using var server = await TestServer.StartAsync(Options with { ConnectionsMax = 2 });
        using (var first = await server.ConnectAsync())
        using (var second = await server.ConnectAsync())
        {
            Assert.Equal(1u, (await first.AskAsync(Json.Status(1))).Revision);
            Assert.Equal(2u, (await second.AskAsync(Json.Status(2))).Revision);
            using var third = await server.ConnectAsync();
            Assert.Equal(Code.Overloaded, (await third.AnswerAsync()).Code);
            Assert.Null(await third.ReceiveAsync());
            Assert.Equal(3u, (await first.AskAsync(Json.Status(3))).Revision);
        }

        await Wait.UntilAsync(() => server.Server.ConnectionCount == 0, "both to be gone");
        await server.AssertServesAsync();
    }

    [Fact]
    public async Task Strangers_cannot_fill_the_room_of_those_who_are_known()
    {
        await using var server = await TestServer.StartAsync(Options with { UnansweredBytesMax = 400_000 });
        using var known = await server.ConnectAsync();
        await known.AskAsync("""{"type":"status","admin_token":"t"}""");
        using var stranger = await server.ConnectAsync();
        var frame = RawClient.Frame(Json.Padded(150_000));
        await stranger.SendAsync(frame.AsMemory(0, 149_000));
        await Wait.UntilAsync(() => server.Server.HeldBytes > 140_000, "a part of the frame");

        using var second = await server.ConnectAsync();
        await second.SendAsync(frame.AsMemory(0, 140_000));
        Assert.Equal(Code.Overloaded, (await second.AnswerAsync()).Code);
        Assert.Equal("status_ok", (await known.AskAsync(Json.Padded(150_000))).Type);
        await stranger.SendAsync(frame.AsMemory(149_000));
        Assert.Equal("status_ok", (await stranger.AnswerAsync()).Type);
        await Wait.UntilAsync(() => server.Server.HeldBytes == 0, "the room to be free");
    }

    [Fact]
    public async Task A_whole_frame_without_room_hears_overloaded_and_the_connection_goes_on()
    {
        await using var server = await TestServer.StartAsync(Options with { UnansweredBytesMax = 2_000 });
        using var client = await server.ConnectAsync();
        server.Handlers.Hold("list_networks");
        await client.SendAsync(Json.ListNetworks(1));
        await Wait.UntilAsync(() => server.Handlers.Running == 1, "the query");
        await client.SendAsync(Json.Padded(990));
        await client.SendAsync(Json.Status(3));
        await Wait.UntilAsync(() => server.Handlers.Begun.Contains(Json.Status(3)), "the small one");
        server.Handlers.Release("list_networks");
        Assert.Equal(1u, (await client.AnswerAsync()).Revision);
        Assert.Equal(Code.Overloaded, (await client.AnswerAsync()).Code);
        Assert.Equal(3u, (await client.AnswerAsync()).Revision);
        Assert.Equal("status_ok", (await client.AskAsync(Json.Padded(990))).Type);
    }

    [Fact]
    public void A_node_has_a_burst_and_then_its_rate_and_others_have_their_own()
    {
        using var rate = new NodeMutationRate(perSecond: 1, burst: 5);
        for (var i = 0; i < 5; i++) Assert.True(rate.TryTake(new(1)));
        Assert.False(rate.TryTake(new(1)));
        Assert.True(rate.TryTake(new(2)));
    }

    [Fact]
    public async Task A_node_that_pauses_may_go_on()
    {
        using var rate = new NodeMutationRate(perSecond: 50, burst: 2);
        Assert.True(rate.TryTake(new(1)) && rate.TryTake(new(1)));
        Assert.False(rate.TryTake(new(1)));
        await Wait.UntilAsync(() => rate.TryTake(new(1)), "another mutation");
    }

    private static WireOptions Options => new() { EndPoint = TestServer.Loopback };
}
