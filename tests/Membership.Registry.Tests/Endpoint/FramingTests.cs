using System.Text;
using Membership.Registry.Wire;

namespace Membership.Registry.Tests.Endpoint;

public sealed class FramingTests
{
    [Fact]
    public async Task A_request_is_answered()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        var answer = await client.AskAsync(Json.Status(7));
        Assert.Equal("status_ok", answer.Type);
        Assert.Equal(7u, answer.Revision);
        Assert.Equal(System.Net.IPAddress.Loopback, server.Handlers.Source!.Address);
        Assert.False(server.Handlers.Source.IsEncrypted);
    }

    [Fact]
    public async Task A_frame_that_comes_byte_by_byte_is_one_frame()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        foreach (var one in RawClient.Frame(Json.Status(7)))
        {
            await client.SendAsync(new[] { one });
            await Task.Yield();
        }

        Assert.Equal(7u, (await client.AnswerAsync()).Revision);
        await Wait.UntilAsync(() => server.Server.HeldBytes == 0, "the room to be free");
    }

    [Fact]
    public async Task Half_a_frame_and_the_end_is_no_request()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        await client.SendAsync(RawClient.Frame(Json.Status(7)).AsMemory(0, 12));
        client.EndSending();
        Assert.Null(await client.ReceiveAsync());
        Assert.Empty(server.Handlers.Begun);
        Assert.Equal(0, server.Server.HeldBytes);
    }

    [Fact]
    public async Task A_client_that_has_said_all_it_has_to_say_still_hears_its_answers()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        server.Handlers.Hold("rename_network");
        await client.SendAsync(Json.Rename(1));
        await client.SendAsync(Json.Status(2));
        client.EndSending();
        await Wait.UntilAsync(() => server.Handlers.Running == 1, "the request");
        server.Handlers.Release("rename_network");
        Assert.Equal(1u, (await client.AnswerAsync()).Revision);
        Assert.Equal(2u, (await client.AnswerAsync()).Revision);
        Assert.Null(await client.ReceiveAsync());
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(256u * 1024 + 1)]
    [InlineData(4u * 1024 * 1024)]
    [InlineData(uint.MaxValue)]
    public async Task A_length_of_nothing_or_too_much_is_answered_and_ends_the_connection(uint length)
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        await client.SendAsync(RawClient.Header(length));
        var answer = await client.AnswerAsync();
        Assert.Equal(Code.InvalidFrame, answer.Code);
        Assert.Contains("invalid", answer.Error, StringComparison.Ordinal);
        Assert.Null(await client.ReceiveAsync());
        await server.AssertServesAsync();
    }

    [Fact]
    public async Task Who_sends_all_of_a_frame_that_is_too_large_reads_why_it_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        await client.SendAsync(RawClient.Frame(new byte[1024 * 1024]));
        Assert.Equal(Code.InvalidFrame, (await client.AnswerAsync()).Code);
        Assert.Null(await client.ReceiveAsync());
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("[]")]
    [InlineData("{}{}")]
    [InlineData("""{"type":"status","type":"status"}""")]
    [InlineData("""{"type":"status","x":"\ud800"}""")]
    public async Task What_is_no_request_is_answered_and_ends_the_connection(string content)
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        await client.SendAsync(RawClient.Frame(content));
        await client.SendAsync(Json.Status(2));
        Assert.Equal(Code.InvalidJson, (await client.AnswerAsync()).Code);
        Assert.Null(await client.ReceiveAsync());
        Assert.Empty(server.Handlers.Begun);
        await server.AssertServesAsync();
    }

    [Fact]
    public async Task Deep_nesting_and_invalid_bytes_are_answered_and_end_the_connection()
    {
        await using var server = await TestServer.StartAsync();
        var deep = """{"type":"status","x":""" + new string('[', 100_000) + new string(']', 100_000) + "}";
        foreach (var content in new[] { Encoding.UTF8.GetBytes(deep), [0xff, 0xfe, 0x00], [.. "{\"type\":\"\x01"u8, 0xc0, .. "\"}"u8] })
        {
            using var client = await server.ConnectAsync();
            await client.SendAsync(RawClient.Frame(content));
            Assert.Equal(Code.InvalidJson, (await client.AnswerAsync()).Code);
            Assert.Null(await client.ReceiveAsync());
        }

        await server.AssertServesAsync();
    }

    [Fact]
    public async Task An_unknown_command_does_not_end_the_connection()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        Assert.Equal(Code.UnknownCommand, (await client.AskAsync("""{"type":"nonsense"}""")).Code);
        Assert.Equal(2u, (await client.AskAsync(Json.Status(2))).Revision);
    }

    [Fact]
    public async Task Random_bytes_disturb_nobody()
    {
        var seed = Environment.TickCount;
        await using var server = await TestServer.StartAsync();
        using var good = await server.ConnectAsync();
        for (var i = 0; i < 200; i++)
        {
            var random = new Random(seed + i);
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            if (i % 2 == 0) bytes = RawClient.Frame(bytes);
            using var bad = await server.ConnectAsync();
            await bad.SendAsync(bytes);
            bad.EndSending();
            await bad.DrainAsync();
            Assert.True((await good.AskAsync(Json.Status(i))).Revision == (ulong)i, $"seed {seed}, step {i}");
        }

        await Wait.UntilAsync(() => server.Server is { ConnectionCount: 1, HeldBytes: 0 }, "the bad ones to be gone");
    }

    [Fact]
    public async Task A_stranger_may_send_256_KiB_and_somebody_known_4_MiB()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        Assert.Equal("status_ok", (await client.AskAsync(Json.Padded(256 * 1024))).Type);

        // The credential is in a query whose answer is not there yet when the large frame comes.
        server.Handlers.Hold("list_networks");
        await client.SendAsync("""{"type":"list_networks","admin_token":"t"}""");
        var sending = client.SendAsync(Json.Padded(4 * 1024 * 1024)[..^1]);
        await Wait.UntilAsync(() => server.Handlers.Running == 1, "the query");
        server.Handlers.Release("list_networks");
        Assert.Equal("list_networks_ok", (await client.AnswerAsync()).Type);
        await sending;
        Assert.Equal(Code.InvalidJson, (await client.AnswerAsync()).Code);
        Assert.Null(await client.ReceiveAsync());

        using var known = await server.ConnectAsync();
        Assert.Equal("status_ok", (await known.AskAsync("""{"type":"status","admin_token":"t"}""")).Type);
        Assert.Equal("status_ok", (await known.AskAsync(Json.Padded(4 * 1024 * 1024))).Type);
        await known.SendAsync(RawClient.Header(4 * 1024 * 1024 + 1));
        Assert.Equal(Code.InvalidFrame, (await known.AnswerAsync()).Code);
        await Wait.UntilAsync(() => server.Server.HeldBytes == 0, "the room to be free");
    }

    [Fact]
    public async Task Handlers_that_fail_end_one_connection_and_no_other()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await server.ConnectAsync();
        server.Handlers.Hold("list_networks");
        await client.SendTogetherAsync("""{"type":"list_networks","throw":1}""", Json.Rename(2));
        await Wait.UntilAsync(() => server.Handlers.Running == 1, "the query");
        await server.AssertServesAsync();
        server.Handlers.Release("list_networks");
        Assert.Equal(0, await client.DrainAsync());
        Assert.DoesNotContain(Json.Rename(2), server.Handlers.Begun);
        await server.AssertServesAsync();
        await Wait.UntilAsync(() => server.Server.HeldBytes == 0, "the room to be free");
    }

    [Fact]
    public void Limits_out_of_range_are_refused()
    {
        var options = new WireOptions { EndPoint = TestServer.Loopback };
        foreach (var wrong in new[]
        {
            options with { ConnectionsMax = 0 }, options with { InFlightMax = 0 }, options with { UnansweredBytesMax = 0 },
            options with { FrameBytesMax = 4 * 1024 * 1024 + 1 }, options with { AnonymousFrameBytesMax = 4 * 1024 * 1024 + 1 },
            options with { NodeMutationsPerSecond = 0 }, options with { NodeMutationsPerSecond = 10_000_001 }, options with { NodeMutationsBurst = 0 },
            options with { IdleTimeout = TimeSpan.Zero }, options with { StallTimeout = TimeSpan.Zero },
        })
        {
            Assert.Throws<ArgumentException>(() => new RegistryServer(new ScriptedHandlers().HandleAsync, new(), wrong));
        }
    }
}
