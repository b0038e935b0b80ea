using System.Text.Json;
using Membership.Protocol.Json;
using Membership.Protocol.Tokens;

namespace Membership.Protocol.Requests;

/// <summary>
/// Reads the fields of a request one after another, in the order of the command specification. The first that is wrong is kept as the
/// fault; what is read after it, and it itself, has no meaning.
/// </summary>
internal sealed class RequestFields(JsonObject json)
{
    private const int ItemsMax = 1000;

    private RequestFault? _fault;
    private bool _namesBackbone;

    /// <summary>What is wrong, once every field was read: a field first, then a mutation that names the backbone.</summary>
    public RequestFault? Fault => _fault ?? (_namesBackbone ? new RequestFault(Code.Backbone) : null);

    /// <summary>Says that a field is wrong.</summary>
    public void Refuse(string name) => _fault ??= RequestFault.Argument(name);

    public JsonValue Value(string name) => json[name];

    public bool Has(string name) => json.RangeOf(name) is not null;

    public NetworkId Network() => new((ushort)Number(FieldNames.NetworkId, ushort.MaxValue));

    /// <summary>A network that a mutation names.</summary>
    public NetworkId MutatedNetwork()
    {
        var network = Network();
        _namesBackbone |= network.IsBackbone;
        return network;
    }

    public NetworkId? OptionalNetwork(string name = FieldNames.NetworkId) =>
        OptionalNumber(name, ushort.MaxValue) is { } number ? new NetworkId((ushort)number) : null;

    /// <summary>A node; 0 is none.</summary>
    public NodeId Node(string name = FieldNames.NodeId)
    {
        var node = AnyNode(name);
        if (node.IsNobody) Refuse(name);
        return node;
    }

    public NodeId? OptionalNode(string name = FieldNames.NodeId) => IsAbsent(name) ? null : Node(name);

    /// <summary>A node of a query, where 0 is answered like any other that is not there.</summary>
    public NodeId AnyNode(string name = FieldNames.NodeId) => new((uint)Number(name, uint.MaxValue));

    public NodeId? OptionalAnyNode(string name = FieldNames.NodeId) => IsAbsent(name) ? null : AnyNode(name);

    public ulong Number(string name, ulong max)
    {
        if (!json[name].TryGetNumber(max, out var number)) Refuse(name);
        return number;
    }

    public ulong? OptionalNumber(string name, ulong max) => IsAbsent(name) ? null : Number(name, max);

    public string Text(string name)
    {
        var value = json[name];
        if (value.Token == JsonTokenType.String) return value.ToText();
        Refuse(name);
        return "";
    }

    public string? OptionalText(string name) => IsAbsent(name) ? null : Text(name);

    public bool Flag(string name)
    {
        var token = json[name].Token;
        if (token is not (JsonTokenType.True or JsonTokenType.False)) Refuse(name);
        return token == JsonTokenType.True;
    }

    public bool OptionalFlag(string name) => !IsAbsent(name) && Flag(name);

    /// <summary>A join rule; 0 for a text that names none, which travels so that it is rejected at its place.</summary>
    public JoinRule Rule() => JoinRuleText.TryParse(Text(FieldNames.JoinRule), out var rule) ? rule : default;

    /// <summary>A token, which may be empty where a row says what that means.</summary>
    public string Token(string name)
    {
        var token = Text(name);
        if (!NameRules.FitsBytes(token, ClusterSecret.TokenBytesMax)) Refuse(name);
        return token;
    }

    /// <summary>A token; an empty one is none.</summary>
    public string? OptionalToken(string name) => !IsAbsent(name) && Token(name) is { Length: > 0 } token ? token : null;

    /// <summary>How many items of a list: 1 to 1000.</summary>
    public int? Limit() => IsAbsent("limit") ? null : Count("limit");

    /// <summary>A number of items: 1 to 1000.</summary>
    public int Count(string name)
    {
        var count = Number(name, ItemsMax);
        if (count == 0) Refuse(name);
        return (int)count;
    }

    /// <summary>A list; each of its items is read by <paramref name="read"/>, which returns false for one that is wrong.</summary>
    public void List(string name, Func<JsonValue, bool> read)
    {
        var value = json[name];
        if (value.Token != JsonTokenType.StartArray)
        {
            Refuse(name);
            return;
        }

        var items = new JsonArray(value);
        while (items.TryRead(out var item))
        {
            if (read(item)) continue;
            Refuse(name);
            return;
        }
    }

    public bool IsAbsent(string name) => json[name].IsAbsent;
}
