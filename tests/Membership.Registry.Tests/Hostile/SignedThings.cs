using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Membership.Protocol.Requests;
using Membership.Protocol.Signing;
using Membership.Registry.Tests.Answers;

namespace Membership.Registry.Tests.Hostile;

/// <summary>
/// Four nodes, two of which have had another key before, and everything that their keys have ever signed: who is proven beyond that is
/// proven wrongly.
/// </summary>
internal sealed class SignedThings : IDisposable
{
    public const string AdminToken = "the first admin token";
    public const string NetworkToken = "the token of network 1";

    private readonly Dictionary<PublicKey, NodeKey> _keys = [];
    private readonly Dictionary<(NodeId Node, ulong Version), PublicKey> _owners = [];
    private readonly HashSet<(PublicKey Key, string Text)> _signed = [];
    private ulong _sequence;

    public SignedThings()
    {
        for (byte number = 1; number <= 4; number++) Own(number, 1, KeyOf(number));
        World.WithNodes(4);
        foreach (byte number in new byte[] { 2, 3 })
        {
            var key = KeyOf((byte)(number + 100));
            var proof = key.SignText(SignedText.RotateNodeKey("alpha", new(number), key.PublicKey.ToString()));
            World.Change(
                $$"""{"type":"rotate_node_key","node_id":{{number}},"public_key":"{{key.PublicKey}}","new_key_proof":"{{proof}}"}""");
            Own(number, 2, key);
        }

        Keep(KeyOf(200));
        World.Change($$"""{"type":"create_network","node_id":1,"name":"one","network_admin_token":"{{NetworkToken}}"}""");
        World.Change("""{"type":"create_network","node_id":1,"name":"two","join_rule":"token","token":"t"}""");
    }

    public World World { get; } = new();

    /// <summary>Every key there is; the last is nobody's.</summary>
    public IReadOnlyList<NodeKey> Keys => [.. _keys.Values];

    /// <summary>Whether a key of this node, at this version, has signed this very payload.</summary>
    public bool HasSigned(Actor actor, ReadOnlySpan<byte> payload) =>
        _owners.TryGetValue((actor.Node, actor.Version), out var key) && HasSigned(key, Convert.ToHexString(payload));

    /// <summary>Whether this key has signed this text.</summary>
    public bool HasSigned(PublicKey key, string text) => _signed.Contains((key, text));

    /// <summary>The node's present key.</summary>
    public PublicKey PresentKey(NodeId node) => _owners.TryGetValue((node, 2), out var second) ? second : _owners[(node, 1)];

    /// <summary>An envelope around this payload, signed by this key whoever is named.</summary>
    public byte[] Sign(NodeKey key, uint keyId, byte[] payload)
    {
        _signed.Add((key.PublicKey, Convert.ToHexString(payload)));
        var envelope = new ArrayBufferWriter<byte>();
        SignedEnvelope.Sign(payload, new(keyId), key).WriteTo(envelope);
        return envelope.WrittenSpan.ToArray();
    }

    /// <summary>A legacy signature.</summary>
    public string SignText(NodeKey key, string text)
    {
        _signed.Add((key.PublicKey, text));
        return key.SignText(text);
    }

    /// <summary>A command's fields with the claims of a signer.</summary>
    public byte[] Payload(string command, uint signer, long issuedAt, string cluster = "alpha")
    {
        var json = JsonNode.Parse(command)!;
        json["signer"] = signer;
        json["cluster"] = cluster;
        json["request_id"] = new RequestId(7, ++_sequence).ToString();
        json["issued_at"] = issuedAt;
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    public void Dispose()
    {
        World.Dispose();
        foreach (var key in _keys.Values) key.Dispose();
    }

    private static NodeKey KeyOf(byte number) => NodeKey.FromSeed(Enumerable.Repeat(number, 32).ToArray());

    private void Own(uint node, ulong version, NodeKey key)
    {
        Keep(key);
        _owners[(new(node), version)] = key.PublicKey;
    }

    private void Keep(NodeKey key) => _keys[key.PublicKey] = key;
}
