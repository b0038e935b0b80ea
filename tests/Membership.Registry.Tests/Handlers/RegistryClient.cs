using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Membership.Protocol.Answers;
using Membership.Protocol.Signing;

namespace Membership.Registry.Tests.Handlers;

/// <summary>Sends requests to handlers, as an endpoint would.</summary>
internal sealed class RegistryClient(ReplicaHost host, RegistryHandlers handlers)
{
    public const string AdminToken = "the-admin-token";

    private readonly ulong _client = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private ulong _sequence;

    public static RequestSource Remote { get; } = new(IPAddress.Parse("192.0.2.7"), IsEncrypted: false);

    public RegistryHandlers Handlers => handlers;

    /// <summary>What the last answer told the endpoint.</summary>
    public RegistryAnswer Last { get; private set; }

    /// <summary>The types of all successes.</summary>
    public HashSet<string> Succeeded { get; } = [];

    public static JsonObject Fields(string type, params (string Name, object? Value)[] fields)
    {
        var json = new JsonObject { ["type"] = type };
        foreach (var (name, value) in fields) json[name] = JsonSerializer.SerializeToNode(value is NodeId node ? node.Value : value);
        return json;
    }

    public async Task<Answer> SendAsync(JsonNode request, RequestSource? source = null) => await SendAsync(request.ToJsonString(), source);

    public async Task<Answer> SendAsync(string request, RequestSource? source = null)
    {
        Last = await handlers.HandleAsync(Encoding.UTF8.GetBytes(request), source ?? RequestSource.InProcess);
        Assert.True(Answer.TryParse(Last.Content, out var answer));
        Assert.Equal(answer.IsError ? "error" : TypeOf(request) + "_ok", answer.Type);
        if (!answer.IsError) Succeeded.Add(answer.Type[..^3]);
        return answer;
    }

    /// <summary>Sends it with an admin token.</summary>
    public Task<Answer> AdminAsync(string type, params (string Name, object? Value)[] fields) =>
        SendAsync(Fields(type, [.. fields, ("admin_token", AdminToken)]));

    /// <summary>Sends it signed by the node, under a new request id, as of now.</summary>
    public Task<Answer> SignedAsync(TestNode node, string type, params (string Name, object? Value)[] fields) =>
        SendAsync(Sign(node, Payload(node, type, fields)));

    /// <summary>What a node signs: the fields and the claims.</summary>
    public JsonObject Payload(TestNode node, string type, params (string Name, object? Value)[] fields)
    {
        var payload = Fields(type, fields);
        payload["signer"] = node.Id.Value;
        payload["cluster"] = ReplicaHost.ClusterId;
        payload["request_id"] = new RequestId(_client, ++_sequence).ToString();
        payload["issued_at"] = host.Time.UnixSeconds;
        return payload;
    }

    public static string Sign(TestNode node, JsonNode payload)
    {
        var envelope = new ArrayBufferWriter<byte>();
        SignedEnvelope.Sign(Encoding.UTF8.GetBytes(payload.ToJsonString()), node.Id, node.Key).WriteTo(envelope);
        return Encoding.UTF8.GetString(envelope.WrittenSpan);
    }

    /// <summary>A new node, registered by an admin.</summary>
    public async Task<TestNode> RegisterAsync()
    {
        var key = TestNode.NewKey();
        var answer = Ok(await AdminAsync("register_node", ("public_key", key.PublicKey.ToString())));
        return new(new((uint)answer.Number("node_id")!), key);
    }

    /// <summary>A new network with this owner.</summary>
    public async Task<int> CreateAsync(TestNode owner, params (string Name, object? Value)[] fields)
    {
        var name = $"net-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        var answer = Ok(await AdminAsync("create_network", [("node_id", owner.Id), ("name", name), .. fields]));
        return (int)answer.Number("network_id")!;
    }

    /// <summary>A new node that is a member of the network.</summary>
    public async Task<TestNode> JoinAsync(int net, string? token = null)
    {
        var node = await RegisterAsync();
        Ok(await SignedAsync(node, "join_network", ("node_id", node.Id), ("network_id", net), ("token", token)));
        return node;
    }

    public static Answer Ok(Answer answer)
    {
        Assert.False(answer.IsError, answer.Fields.ToString());
        return answer;
    }

    /// <summary>The answer has this code; <see cref="Code.Ok"/> is a success.</summary>
    public static void Refused(Code code, Answer answer) => Assert.Equal(code, answer.Code);

    private static string TypeOf(string request)
    {
        var json = JsonNode.Parse(request)!;
        if ((string)json["type"]! != "signed") return (string)json["type"]!;
        return (string)JsonNode.Parse(Convert.FromBase64String((string)json["payload"]!))!["type"]!;
    }
}
