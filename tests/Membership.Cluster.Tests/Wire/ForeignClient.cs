using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Membership.Cluster.Tests.Wire;

/// <summary>A client as another language would have it, from the specification's words: sockets, text, and no part of this library.</summary>
internal sealed class ForeignClient : IDisposable
{
    private const string PayloadType = "application/vnd.membership.request+json";

    private readonly TcpClient _tcp;

    private ForeignClient(TcpClient tcp) => _tcp = tcp;

    public static async Task<ForeignClient> ConnectAsync(IPEndPoint endPoint)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(endPoint);
        return new(tcp);
    }

    /// <summary>A request in its envelope, signed over the type and the payload, each set apart by its length.</summary>
    public static async Task<string> SignAsync(OpenSslKey key, uint node, string payload)
    {
        var signature = await key.SignAsync(Encoding.UTF8.GetBytes(
            $"DSSEv1 {PayloadType.Length} {PayloadType} {Encoding.UTF8.GetByteCount(payload)} {payload}"));
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(payload));
        return $$"""{"type":"signed","payloadType":"{{PayloadType}}","payload":"{{encoded}}","signatures":[{"keyid":"{{node}}","sig":"{{signature}}"}]}""";
    }

    public async Task<JsonElement> AskAsync(string request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var content = Encoding.UTF8.GetBytes(request);
        var header = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(header, content.Length);
        await _tcp.GetStream().WriteAsync((byte[])[.. header, .. content], limit.Token);
        await _tcp.GetStream().ReadExactlyAsync(header, limit.Token);
        var answer = new byte[BinaryPrimitives.ReadInt32BigEndian(header)];
        await _tcp.GetStream().ReadExactlyAsync(answer, limit.Token);
        return JsonDocument.Parse(answer).RootElement;
    }

    public void Dispose() => _tcp.Dispose();
}
