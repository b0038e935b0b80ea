using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Membership.Protocol.Answers;

namespace Membership.Registry.Tests.Endpoint;

/// <summary>A client that is nothing but a socket: it can send what no client should.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly Socket _socket;

    private RawClient(Socket socket) => _socket = socket;

    public static async Task<RawClient> ConnectAsync(IPEndPoint endPoint, int? receiveBytes = null, IPAddress? from = null)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBytes is { } bytes) socket.ReceiveBufferSize = bytes;
        if (from is not null) socket.Bind(new IPEndPoint(from, 0));
        using var limit = new CancellationTokenSource(Limit);
        await socket.ConnectAsync(endPoint, limit.Token);
        return new(socket);
    }

    public static byte[] Frame(string json) => Frame(Encoding.UTF8.GetBytes(json));

    public static byte[] Frame(byte[] content) => [.. Header((uint)content.Length), .. content];

    public static byte[] Header(uint length)
    {
        var header = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(header, length);
        return header;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, limit.Token)..];
    }

    public Task SendAsync(string json) => SendAsync(Frame(json));

    public Task SendTogetherAsync(params string[] requests) => SendAsync(requests.SelectMany(Frame).ToArray());

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>The next answer; null when the server has closed in an orderly way.</summary>
    public async Task<Answer?> ReceiveAsync()
    {
        var header = new byte[4];
        if (!await FillAsync(header)) return null;
        var content = new byte[BinaryPrimitives.ReadUInt32BigEndian(header)];
        Assert.True(await FillAsync(content), "The server closed within an answer.");
        Assert.True(Answer.TryParse(content, out var answer), Encoding.UTF8.GetString(content));
        return answer;
    }

    /// <summary>An answer that has to come.</summary>
    public async Task<Answer> AnswerAsync() => await ReceiveAsync() ?? throw new InvalidOperationException("The server closed.");

    public async Task<Answer> AskAsync(string json)
    {
        await SendAsync(json);
        return await AnswerAsync();
    }

    /// <summary>Waits until the server has closed or reset the connection, and says how many bytes came before.</summary>
    public async Task<long> DrainAsync()
    {
        var bytes = new byte[64 * 1024];
        long total = 0;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (await _socket.ReceiveAsync(bytes, limit.Token) is var count and > 0) total += count;
        }
        catch (SocketException)
        {
        }

        return total;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> FillAsync(Memory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!bytes.IsEmpty)
        {
            var count = await _socket.ReceiveAsync(bytes, limit.Token);
            if (count == 0) return false;
            bytes = bytes[count..];
        }

        return true;
    }
}
