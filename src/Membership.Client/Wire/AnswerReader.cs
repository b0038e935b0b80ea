using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Membership.Protocol.Answers;
using Membership.Protocol.Rules;

namespace Membership.Client;

/// <summary>Reads the fields of an object of a successful answer. What is missing or of another type is no answer of this protocol.</summary>
internal readonly struct AnswerReader(JsonElement fields)
{
    public NodeId Node(string name) => new(Checked<uint>(name));

    public NetworkId Network(string name) => new(Checked<ushort>(name));

    public NetworkId Network() => Network("network_id");

    public uint UInt32(string name) => Checked<uint>(name);

    public uint? OptionalUInt32(string name) => OptionalNumber(name) is null ? null : Checked<uint>(name);

    public long Int64(string name) => Checked<long>(name);

    public long? OptionalInt64(string name) => OptionalNumber(name) is null ? null : Checked<long>(name);

    public ulong Number(string name) => OptionalNumber(name) ?? throw Missing(name);

    public ulong? OptionalNumber(string name)
    {
        if (!TryGet(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number) ? number : throw Missing(name);
    }

    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    public string? OptionalText(string name)
    {
        if (!TryGet(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Missing(name);
    }

    /// <summary>A flag; one that is not there is false.</summary>
    public bool Flag(string name) => TryGet(name, out var value) && value.ValueKind == JsonValueKind.True;

    public Role Role(string name) => Text(name) switch
    {
        "owner" => Membership.Role.Owner,
        "admin" => Membership.Role.Admin,
        "member" => Membership.Role.Member,
        _ => throw Missing(name),
    };

    public JoinRule JoinRule(string name) => JoinRuleText.TryParse(Text(name), out var rule) ? rule : throw Missing(name);

    public NodeAddress Address(string name) => NodeAddress.TryParse(Text(name), out var address) ? address : throw Missing(name);

    public DateTimeOffset Seconds(string name) => Time(name, TimeSpan.TicksPerSecond);

    public DateTimeOffset Milliseconds(string name) => Time(name, TimeSpan.TicksPerMillisecond);

    public RequestId? RequestId(string name) => Membership.RequestId.TryParse(OptionalText(name), out var id) ? id : null;

    public PublicKey PublicKey(string name)
    {
        var bytes = Base64(name);
        return bytes.Length == Membership.PublicKey.Length ? new(bytes) : throw Missing(name);
    }

    public byte[] Base64(string name) => Decode(name, Convert.FromBase64String);

    public byte[] Hex(string name) => Decode(name, Convert.FromHexString);

    /// <summary>A policy; null when its fields are not there.</summary>
    public NetworkPolicy? Policy()
    {
        if (OptionalUInt32("max_members") is not { } maxMembers) return null;
        return new((int)Math.Min(maxMembers, int.MaxValue), List("allowed_ports", (JsonElement port) => port.GetUInt16()), Text("description"));
    }

    public RuleSet? Rules(string name)
    {
        if (!TryGet(name, out var value)) return null;
        return RulesJson.TryParse(Encoding.UTF8.GetBytes(value.GetRawText()), out var rules) ? rules : throw Missing(name);
    }

    /// <summary>A JSON value as it was sent.</summary>
    public string? Document(string name) => TryGet(name, out var value) ? value.GetRawText() : null;

    public PageCursor? Next => Document(AnswerNames.Next) is { } next ? new PageCursor(next) : null;

    public ImmutableArray<string> Texts(string name) => List(name, value => value.GetString() ?? throw Missing(name));

    public ImmutableArray<T> List<T>(string name, Func<AnswerReader, T> read) =>
        List(name, (JsonElement value) => read(value.ValueKind == JsonValueKind.Object ? new(value) : throw Missing(name)));

    public ImmutableArray<T> List<T>(string name, Func<JsonElement, T> read)
    {
        if (!TryGet(name, out var list) || list.ValueKind != JsonValueKind.Array) throw Missing(name);
        try
        {
            return [.. list.EnumerateArray().Select(read)];
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw Missing(name);
        }
    }

    public IEnumerable<JsonProperty> Properties(string name) =>
        TryGet(name, out var value) && value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : throw Missing(name);

    /// <summary>The attributes of an event in their order: numbers, flags, texts, and lists of these.</summary>
    public IReadOnlyDictionary<string, object> Attributes(string name) => new OrderedDictionary<string, object>(
        Properties(name).Select(attribute => KeyValuePair.Create(attribute.Name, Value(name, attribute.Value))), StringComparer.Ordinal);

    private static object Value(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetUInt64(out var number) => number,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => value.EnumerateArray().Select(item => Value(name, item)).ToImmutableArray(),
        _ => throw Missing(name),
    };

    private byte[] Decode(string name, Func<string, byte[]> decode)
    {
        try
        {
            return decode(Text(name));
        }
        catch (FormatException)
        {
            throw Missing(name);
        }
    }

    private bool TryGet(string name, out JsonElement value) =>
        fields.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private T Checked<T>(string name)
        where T : System.Numerics.INumberBase<T>
    {
        try
        {
            return T.CreateChecked(Number(name));
        }
        catch (OverflowException)
        {
            throw Missing(name);
        }
    }

    private DateTimeOffset Time(string name, long ticks)
    {
        var number = Number(name);
        var max = (ulong)((DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / ticks);
        return number <= max ? DateTimeOffset.UnixEpoch.AddTicks((long)number * ticks) : throw Missing(name);
    }

    private static InvalidDataException Missing(string name) => new($"The answer has no readable field {name}.");
}
