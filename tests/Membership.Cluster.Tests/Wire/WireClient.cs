using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Membership.Protocol.Signing;

namespace Membership.Cluster.Tests.Wire;

/// <summary>A node and its key.</summary>
internal sealed record WireNode(uint Id, NodeKey Key)
{
    public string PublicKey => Key.PublicKey.ToString();

    public static NodeKey NewKey() => NodeKey.FromSeed(RandomNumberGenerator.GetBytes(NodeKey.SeedBytes));
}

/// <summary>One connection, over which requests may be sent ahead of their answers.</summary>
internal sealed class WireClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TcpClient _tcp;
    private readonly string _cluster;
    private readonly ulong _client = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private ulong _sequence;

    private WireClient(TcpClient tcp, string cluster) => (_tcp, _cluster) = (tcp, cluster);

    public static async Task<WireClient> ConnectAsync(IPEndPoint endPoint, string cluster)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(endPoint);
        return new(tcp, cluster);
    }

    /// <summary>A request without a credential.</summary>
    public static JsonObject Request(string type, params (string Name, object? Value)[] fields)
    {
        var request = new JsonObject { ["type"] = type };
        foreach (var (name, value) in fields) request[name] = JsonSerializer.SerializeToNode(value);
        return request;
    }

    /// <summary>A request with the admin token.</summary>
    public static string Admin(string type, params (string Name, object? Value)[] fields) =>
        Request(type, [.. fields, ("admin_token", ServedGroup.AdminToken)]).ToJsonString();

    /// <summary>A request signed by the node, under a new id, as of now.</summary>
    public string Signed(WireNode node, string type, params (string Name, object? Value)[] fields)
    {
        var payload = Request(
            type,
            [
                .. fields, ("signer", node.Id), ("cluster", _cluster), ("request_id", $"{_client:x16}{++_sequence:x16}"),
                ("issued_at", DateTimeOffset.UtcNow.ToUnixTimeSeconds()),
            ]);
        var envelope = new ArrayBufferWriter<byte>();
        SignedEnvelope.Sign(Encoding.UTF8.GetBytes(payload.ToJsonString()), new(node.Id), node.Key).WriteTo(envelope);
        return Encoding.UTF8.GetString(envelope.WrittenSpan);
    }

    /// <summary>Sends requests in one go.</summary>
    public async Task SendAsync(params IEnumerable<string> requests)
    {
        using var bytes = new MemoryStream();
        var header = new byte[4];
        foreach (var content in requests.Select(Encoding.UTF8.GetBytes))
        {
            BinaryPrimitives.WriteInt32BigEndian(header, content.Length);
            bytes.Write(header);
            bytes.Write(content);
        }

        using var limit = new CancellationTokenSource(Limit);
        await _tcp.GetStream().WriteAsync(bytes.ToArray(), limit.Token);
    }

    public async Task<JsonElement> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var header = new byte[4];
        await _tcp.GetStream().ReadExactlyAsync(header, limit.Token);
        var content = new byte[BinaryPrimitives.ReadInt32BigEndian(header)];
        await _tcp.GetStream().ReadExactlyAsync(content, limit.Token);
        return JsonDocument.Parse(content).RootElement;
    }

    public async Task<JsonElement> AskAsync(string request)
    {
        await SendAsync(request);
        return await ReceiveAsync();
    }

    /// <summary>A new node, registered by the admin.</summary>
    public async Task<WireNode> RegisterAsync()
    {
        var key = WireNode.NewKey();
        var answer = await AskAsync(Admin("register_node", ("public_key", key.PublicKey.ToString())));
        return new(answer.GetProperty("node_id").GetUInt32(), key);
    }

    public void Dispose() => _tcp.Dispose();
}
