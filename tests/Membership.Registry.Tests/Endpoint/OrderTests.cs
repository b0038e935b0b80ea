namespace Membership.Registry.Tests.Endpoint;

public sealed class OrderTests
{
    [Fact]
    public async Task Answers_come_in_the_order_of_the_requests()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        var random = new Random(17);
        var frames = new List<byte>();
        for (var i = 0; i < 1_000; i++)
        {
            frames.AddRange(RawClient.Frame(random.Next(3) switch
            {
                0 => Json.Rename(i),
                1 => Json.ListNetworks(i),
                _ => Json.Status(i),
            }));
        }

        var sending = client.SendAsync(frames.ToArray());
        for (var i = 0u; i < 1_000; i++) Assert.Equal(i, (await client.AnswerAsync()).Revision);
        await sending;
        Assert.Equal(1_000, server.Handlers.Begun.Count);
    }

    [Fact]
    public async Task A_query_waits_for_the_mutation_before_it_and_a_mutation_for_everything_before_it()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        server.Handlers.Hold("rename_network");
        server.Handlers.Hold("list_networks");
        await client.SendTogetherAsync(Json.Rename(1), Json.ListNetworks(2));
        await client.SendTogetherAsync(Json.ListNetworks(3), Json.Rename(4));
        using var other = await server.ConnectAsync();
        await other.AskAsync(Json.Status(9));
        Assert.Equal([Json.Rename(1), Json.Status(9)], server.Handlers.Begun.Order());

        server.Handlers.Release("rename_network");
        await Wait.UntilAsync(() => server.Handlers.Running == 2, "both queries side by side");
        await other.AskAsync(Json.Status(9));
        Assert.Equal(4, server.Handlers.Begun.Count(text => text != Json.Status(9)) + 1);

        server.Handlers.Release("list_networks");
        for (var i = 1u; i <= 4; i++) Assert.Equal(i, (await client.AnswerAsync()).Revision);
    }

    [Fact]
    public async Task A_mutation_that_is_not_proposed_yet_keeps_those_behind_it_waiting()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        for (var i = 0; i < 50; i++) await client.SendAsync(Json.Rename(i));
        for (var i = 0u; i < 50; i++) Assert.Equal(i, (await client.AnswerAsync()).Revision);
        Assert.Equal(1, server.Handlers.RunningMax);
        Assert.Equal(Enumerable.Range(0, 50).Select(Json.Rename), server.Handlers.Begun);
    }

    [Fact]
    public async Task Mutations_that_are_proposed_do_not_wait_for_their_outcomes_and_queries_behind_them_do()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        server.Handlers.ProposesAtOnce = true;
        server.Handlers.Hold("rename_network");
        for (var i = 0; i < 50; i++) await client.SendAsync(Json.Rename(i));
        await client.SendAsync(Json.Status(50));
        await Wait.UntilAsync(() => server.Handlers.Running == 50, "all of them");
        await server.AssertServesAsync();
        Assert.Equal(Enumerable.Range(0, 50).Select(Json.Rename), server.Handlers.Begun.Take(50));
        Assert.DoesNotContain(Json.Status(50), server.Handlers.Begun);
        server.Handlers.Release("rename_network");
        for (var i = 0u; i <= 50; i++) Assert.Equal(i, (await client.AnswerAsync()).Revision);
    }

    [Fact]
    public async Task A_fast_answer_waits_for_a_slow_one_before_it()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        server.Handlers.Hold("list_networks");
        await client.SendTogetherAsync(Json.ListNetworks(1), Json.Status(2));
        await Wait.UntilAsync(() => server.Handlers.Begun.Count == 2, "both");
        var first = client.AnswerAsync();
        Assert.False(first.IsCompleted);
        server.Handlers.Release("list_networks");
        Assert.Equal(1u, (await first).Revision);
        Assert.Equal(2u, (await client.AnswerAsync()).Revision);
    }

    [Fact]
    public async Task No_more_than_64_queries_of_a_connection_are_in_flight()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        server.Handlers.Hold("list_networks");
        for (var i = 0; i < 200; i++) await client.SendAsync(Json.ListNetworks(i));
        await Wait.UntilAsync(() => server.Handlers.Running == 64, "64 of them");
        await server.AssertServesAsync();
        Assert.Equal(64, server.Handlers.Running);
        server.Handlers.Release("list_networks");
        for (var i = 0u; i < 200; i++) Assert.Equal(i, (await client.AnswerAsync()).Revision);
        Assert.InRange(server.Handlers.RunningMax, 64, 65);
    }

    [Fact]
    public async Task A_connection_that_waits_for_events_takes_no_other_request()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        server.Handlers.Hold("watch");
        await client.SendTogetherAsync(Json.Watch(1), Json.Status(2));
        await Wait.UntilAsync(() => server.Handlers.Running == 1, "the watch");
        await server.AssertServesAsync();
        Assert.DoesNotContain(Json.Status(2), server.Handlers.Begun);
        server.Handlers.Release("watch");
        Assert.Equal(1u, (await client.AnswerAsync()).Revision);
        Assert.Equal(2u, (await client.AnswerAsync()).Revision);
    }

    [Fact]
    public async Task A_stop_answers_what_is_under_way_and_gives_up_who_waits_for_events()
    {
        await using var server = await TestServer.StartAsync();
        using var changing = await server.ConnectAsync();
        using var watching = await server.ConnectAsync();
        using var idle = await server.ConnectAsync();
        server.Handlers.Hold("rename_network");
        server.Handlers.Hold("watch");
        await changing.SendAsync(Json.Rename(1));
        await watching.SendAsync(Json.Watch(1));
        await Wait.UntilAsync(() => server.Handlers.Running == 2, "both");
        var stopping = server.Server.StopAsync();
        Assert.Null(await idle.ReceiveAsync());
        Assert.Equal(0, await watching.DrainAsync());
        Assert.Equal(1, server.Handlers.GivenUp);
        server.Handlers.Release("rename_network");
        Assert.Equal(1u, (await changing.AnswerAsync()).Revision);
        Assert.Null(await changing.ReceiveAsync());
        await stopping;
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => server.ConnectAsync());
    }
}
