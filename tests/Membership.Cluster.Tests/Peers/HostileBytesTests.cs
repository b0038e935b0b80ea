using System.Buffers.Binary;
using System.Net.Sockets;
using Membership.Replication.Peers;
using Xunit;

namespace Membership.Cluster.Tests.Peers;

/// <summary>Whatever comes in on the port ends that connection with one line in the log, and the server lives on.</summary>
public sealed class HostileBytesTests
{
    private static readonly TimeSpan limit = TimeSpan.FromSeconds(15);

    public static TheoryData<string, byte[]> Openings => new()
    {
        { "a web browser", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray() },
        { "TLS where there is none", [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, 0, 0, 0, 0] },
        { "zeros", new byte[100] },
        { "less than the magic", "MBR"u8.ToArray() },
        { "a preamble that ends within", "MBRLINK\u0001"u8.ToArray() },
        { "a preamble of another format", [.. "MBRLINK"u8, 9, 1, 1, 1, .. new byte[8], (byte)'a', (byte)'b'] },
        { "a preamble for the other port", [.. "MBRLINK"u8, 1, 2, 5, 1, .. new byte[8], .. "alphab"u8] },
        { "a preamble with long ids", [.. "MBRLINK"u8, 1, 1, 255, 255, .. new byte[600]] },
        { "a preamble with ids of another form", [.. "MBRLINK"u8, 1, 1, 5, 1, .. new byte[8], .. "ALPHA!"u8] },
        { "a preamble without ids", [.. "MBRLINK"u8, 1, 1, 0, 0, .. new byte[8]] },
        { "a preamble of another cluster", [.. "MBRLINK"u8, 1, 1, 4, 2, .. new byte[8], .. "betar2"u8] },
    };

    public static TheoryData<string, byte[]> Messages => new()
    {
        { "a message of 4 GiB", [0xff, 0xff, 0xff, 0xff, 1, 2, 3] },
        { "a message of 2 GiB less one", [0x7f, 0xff, 0xff, 0xff, 1, 2, 3] },
        { "a message one byte too long", Framed(new byte[PeerMessageHandler.MessageBytesMax + 1]) },
        { "an empty message", [0, 0, 0, 0] },
        { "a message that is no MessagePack", Framed([0xc1, 0xc1, 0xc1]) },
        { "a message that is no call", Framed([0x93, 1, 2, 3]) },
        { "a map that claims four billion entries", Framed([0xdf, 0xff, 0xff, 0xff, 0xff, 0x00]) },
        { "arrays in arrays", Framed([.. Enumerable.Repeat((byte)0x91, 100_000)]) },
        { "text for a message", Framed("{\"jsonrpc\":\"2.0\",\"method\":\"GetClockAsync\",\"id\":1}"u8.ToArray()) },
    };

    [Theory]
    [MemberData(nameof(Openings))]
    public async Task What_is_no_preamble_is_refused(string what, byte[] bytes)
    {
        await using var pair = new PeerPair(new() { HandshakeTimeout = TimeSpan.FromMilliseconds(300) });
        using var socket = await ConnectAsync(pair);
        await socket.SendAsync(bytes);
        await ClosesAsync(socket, what);
        await LivesOnAsync(pair, what);
    }

    [Fact]
    public async Task Silence_is_refused_and_holds_nobody_up()
    {
        await using var pair = new PeerPair(new() { HandshakeTimeout = TimeSpan.FromMilliseconds(500) });
        using var silent = await ConnectAsync(pair);
        await pair.NewClient().GetClockAsync();
        await ClosesAsync(silent, "silence");
        await LivesOnAsync(pair, "silence");
    }

    [Theory]
    [MemberData(nameof(Messages), DisableDiscoveryEnumeration = true)]
    public async Task What_is_no_message_is_refused(string what, byte[] bytes)
    {
        await using var pair = new PeerPair();
        using var socket = await ConnectAsync(pair);
        await using var stream = new NetworkStream(socket);
        await Preamble.ConnectAsync(
            stream, PreambleProtocol.Peer, PeerPair.ClientIdentity, "r1", TimeSpan.FromSeconds(5), CancellationToken.None);
        await SendUntilClosedAsync(socket, bytes);
        await ClosesAsync(socket, what);
        await LivesOnAsync(pair, what);
    }

    [Fact]
    public async Task Random_bytes_are_refused_before_and_after_the_preamble()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var pair = new PeerPair(new() { HandshakeTimeout = TimeSpan.FromMilliseconds(300) });
        for (var round = 0; round < 60; round++)
        {
            var what = $"seed {seed}, round {round}";
            using var socket = await ConnectAsync(pair);
            await using var stream = new NetworkStream(socket);
            if (round % 2 == 1)
            {
                await Preamble.ConnectAsync(
                    stream, PreambleProtocol.Peer, PeerPair.ClientIdentity, "r1", TimeSpan.FromSeconds(5), CancellationToken.None);
            }

            var bytes = new byte[random.Next(8, 2000)];
            random.NextBytes(bytes);
            // A length that is believed, so that the content is looked at.
            if (round % 4 == 1) BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - 4);
            await socket.SendAsync(bytes);
            socket.Shutdown(SocketShutdown.Send);
            await ClosesAsync(socket, what);
        }

        await pair.NewClient().GetClockAsync();
    }

    [Fact]
    public async Task A_client_of_another_cluster_is_refused_and_told_why()
    {
        await using var pair = new PeerPair();
        var stranger = pair.NewClient(new("beta", "r2", 1));
        var question = await Assert.ThrowsAsync<PeerUnavailableException>(() => stranger.GetClockAsync());
        Assert.Contains("another cluster", question.Message, StringComparison.Ordinal);
        var forward = await stranger.ForwardAsync(PeerPair.Batch(1), PeerPair.Deadline);
        Assert.Equal(ForwardVerdict.Refused, forward.Verdict);
        Assert.Equal(0, pair.Service.Forwards);
        await LivesOnAsync(pair, "another cluster");
    }

    [Fact]
    public async Task A_client_that_finds_another_replica_than_it_looked_for_goes_away()
    {
        await using var pair = new PeerPair();
        await using var client = new PeerClient(new("r3", pair.Server.EndPoint), PeerPair.ClientIdentity);
        var question = await Assert.ThrowsAsync<PeerUnavailableException>(() => client.GetClockAsync());
        Assert.Contains("r3 expected", question.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_beyond_the_bound_are_closed_at_once()
    {
        await using var pair = new PeerPair(new() { ConnectionsMax = 2 });
        using var first = await ConnectAsync(pair);
        using var second = await ConnectAsync(pair);
        using var third = await ConnectAsync(pair);
        await ClosesAsync(third, "the third");
        Assert.Equal(2, pair.Server.ConnectionCount);
        first.Dispose();
        await Wait.UntilAsync(() => pair.Server.ConnectionCount == 1, "the end of the first");
        await pair.NewClient().GetClockAsync();
    }

    [Fact]
    public async Task A_batch_that_is_none_is_refused_unread()
    {
        await using var pair = new PeerPair();
        using var link = await PeerConnection.OpenAsync(pair.Address, PeerPair.ClientIdentity, null, new(), CancellationToken.None);
        byte[][] batches = [[], [0x90], [0x91, 0x01], [0xdd, 0xff, 0xff, 0xff, 0xff], [0x91, 0xc6, 0xff, 0xff, 0xff, 0xff, 0], [0x91, 0xc4, 0, 0]];
        foreach (var batch in batches)
        {
            var result = ForwardResultFormat.Read(await link.Calls.ForwardAsync(batch, 100), 1);
            Assert.Equal(ForwardVerdict.Refused, result.Verdict);
        }

        foreach (var deadline in new[] { 0, -1, PeerEndpoint.DeadlineMsMax + 1 })
        {
            var result = ForwardResultFormat.Read(await link.Calls.ForwardAsync(ProposalBatch.Write(PeerPair.Batch(1)), deadline), 1);
            Assert.Equal(ForwardVerdict.Refused, result.Verdict);
        }

        Assert.Equal(0, pair.Service.Forwards);
    }

    private static async Task<Socket> ConnectAsync(PeerPair pair)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(pair.Server.EndPoint);
        return socket;
    }

    private static async Task ClosesAsync(Socket socket, string what)
    {
        var buffer = new byte[4096];
        using var timer = new CancellationTokenSource(limit);
        try
        {
            while (await socket.ReceiveAsync(buffer, timer.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // A reset: it is closed with bytes unread.
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The server kept the connection open after {what}.");
        }
    }

    private static async Task LivesOnAsync(PeerPair pair, string what)
    {
        await Wait.UntilAsync(() => pair.ServerLog.Lines.Length > 0, "a line in the log");
        await pair.NewClient().GetClockAsync();
        Assert.True(pair.ServerLog.Lines.Length == 1, $"{what}: {string.Join('\n', pair.ServerLog.Lines)}");
    }

    private static byte[] Framed(byte[] message)
    {
        var framed = new byte[4 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed, message.Length);
        message.CopyTo(framed, 4);
        return framed;
    }

    // The server need not read what it refuses by its length: it may close while most of it is still on its way.
    private static async Task SendUntilClosedAsync(Socket socket, byte[] bytes)
    {
        try
        {
            await socket.SendAsync(bytes);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.Shutdown or SocketError.ConnectionReset)
        {
        }
    }
}
