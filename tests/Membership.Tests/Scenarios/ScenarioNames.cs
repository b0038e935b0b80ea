using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Membership.Tests.Scenarios;

/// <summary>
/// Nodes, networks, keys and clients by names. A name stands for whatever got it last; <c>#7</c> is the id 7 itself, <c>#0</c> is
/// nobody and <c>backbone</c> is network 0.
/// </summary>
internal sealed class ScenarioNames
{
    private readonly Dictionary<string, NodeId> _nodes = [];
    private readonly Dictionary<string, NetworkId> _networks = new() { ["backbone"] = NetworkId.Backbone };
    private readonly Dictionary<PublicKey, string> _keys = [];
    private readonly Dictionary<ulong, string> _clients = [];

    public void Name(string name, NodeId node) => _nodes[name] = node;

    /// <summary>Names a network; one that had the id before has no name any more.</summary>
    public void Name(string name, NetworkId network)
    {
        foreach (var former in _networks.Where(pair => pair.Value == network).Select(pair => pair.Key).ToList()) _networks.Remove(former);
        _networks[name] = network;
    }

    public bool IsNode(string name) => name.StartsWith('#') || _nodes.ContainsKey(name);

    public NodeId Node(string name) =>
        TryParseNumber(name, out var number) ? new(number)
        : _nodes.TryGetValue(name, out var node) ? node
        : throw new ScenarioException($"no node is called '{name}'; 'node {name}' registers one, '#7' is node 7");

    public NetworkId Network(string name) =>
        TryParseNumber(name, out var number) ? new((ushort)number)
        : _networks.TryGetValue(name, out var network) ? network
        : throw new ScenarioException($"no network is called '{name}'; create_network makes one, '#7' is network 7");

    /// <summary>The key of this name: always the same bytes.</summary>
    public PublicKey Key(string name)
    {
        var key = new PublicKey(SHA256.HashData(Encoding.UTF8.GetBytes($"key {name}")));
        _keys[key] = name;
        return key;
    }

    public ulong Client(string name)
    {
        var client = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"client {name}")));
        _clients[client] = name;
        return client;
    }

    public string TextOf(NodeId id) => _nodes.FirstOrDefault(pair => pair.Value == id).Key ?? $"#{id}";

    public string TextOf(NetworkId id) => _networks.FirstOrDefault(pair => pair.Value == id).Key ?? $"#{id}";

    public string TextOf(PublicKey key) => _keys.GetValueOrDefault(key, "unnamed");

    public string TextOf(RequestId id) =>
        string.Create(CultureInfo.InvariantCulture, $"{ClientText(id.Client)}:{id.Sequence}");

    public string ClientText(ulong client) => _clients.GetValueOrDefault(client, "unnamed");

    private static bool TryParseNumber(string name, out uint number)
    {
        number = 0;
        return name.StartsWith('#') && uint.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
