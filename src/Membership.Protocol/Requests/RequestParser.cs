using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Membership.Protocol.Json;
using Membership.Protocol.Signing;

namespace Membership.Protocol.Requests;

/// <summary>Reads requests: from the bytes of a frame to a typed command, with every check that needs neither credentials nor state.</summary>
/// <remarks>
/// Source: command specification, section 7. Order: JSON, the envelope's shape, the type, the fields of the command and those that all
/// commands share, network 0 in a mutation. Thread-safe. Never throws because of the bytes; time and memory are linear in them.
/// </remarks>
public sealed class RequestParser
{
    // The end of the year 9999: later than that is from the future whenever it is read, and fits no log entry.
    private const ulong IssuedAtMax = 253_402_300_799;

    private static readonly FrozenDictionary<string, Func<RequestFields, Command>> Commands =
        MutationReaders.All.Concat(QueryReaders.All).ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Func<RequestFields, Command>> WithStockWords =
        Commands.Append(new("register", NodeReaders.StockRegister)).Append(new("deregister", Commands["deregister_node"]))
            .ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, Func<RequestFields, Command>> _commands;

    /// <summary>Knows the commands of the specification.</summary>
    /// <param name="takesStockWords">Whether it knows <c>register</c> and <c>deregister</c> of stock clients, too.</param>
    public RequestParser(bool takesStockWords = false) => _commands = takesStockWords ? WithStockWords : Commands;

    /// <summary>Every word that is known without those of stock clients.</summary>
    public static IReadOnlyCollection<string> Types => Commands.Keys;

    /// <summary>Reads a request.</summary>
    /// <param name="json">
    /// The content of a frame in one piece. The request keeps it: it must not change while the request is used, so whoever reuses the
    /// buffer that it arrived in passes a copy.
    /// </param>
    /// <param name="request">The request.</param>
    /// <param name="fault">Why there is none.</param>
    /// <returns>Whether there is a request.</returns>
    public bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out Request? request, out RequestFault fault)
    {
        request = null;
        fault = new(Code.InvalidJson);
        if (!JsonObject.TryParse(json, out var parsed)) return false;
        if (!IsType(parsed, SignedEnvelope.Type)) return TryReadPlain(json, parsed, out request, out fault);
        if (!SignedEnvelope.TryRead(parsed, out var envelope, out fault)) return false;
        fault = new(Code.InvalidJson);
        return JsonObject.TryParse(envelope.Payload, out var payload) && TryReadSigned(envelope, payload, out request, out fault);
    }

    private bool TryReadPlain(
        ReadOnlyMemory<byte> json, JsonObject parsed, [NotNullWhen(true)] out Request? request, out RequestFault fault)
    {
        request = null;
        if (!TryFindCommand(parsed, out var type, out var read, out fault)) return false;
        var f = new RequestFields(parsed);
        var command = read(f);
        var (id, settled) = ReadIdentity(f);
        var adminToken = f.IsAbsent(FieldNames.AdminToken) ? null : f.Token(FieldNames.AdminToken);
        var signature = f.OptionalText(FieldNames.Signature);
        if (HasFault(f, ref fault)) return false;
        request = new(type, command, RequestContent.Plain(json, parsed))
        {
            RequestId = id,
            Settled = settled,
            AdminToken = adminToken,
            LegacySignature = signature,
        };
        return true;
    }

    private bool TryReadSigned(
        SignedEnvelope envelope, JsonObject payload, [NotNullWhen(true)] out Request? request, out RequestFault fault)
    {
        request = null;
        if (!TryFindCommand(payload, out var type, out var read, out fault)) return false;
        var f = new RequestFields(payload);
        var command = read(f);
        var claims = ReadClaims(f, command, envelope);
        var (id, settled) = ReadIdentity(f);
        if (id is null && command is MutationCommand) f.Refuse(FieldNames.RequestId);
        if (!f.IsAbsent(FieldNames.AdminToken)) f.Refuse(FieldNames.AdminToken);
        if (HasFault(f, ref fault)) return false;
        request = new(type, command, RequestContent.Signed(envelope.Payload))
        {
            RequestId = id,
            Settled = settled,
            Claims = claims,
        };
        return true;
    }

    private bool TryFindCommand(
        JsonObject parsed,
        [NotNullWhen(true)] out string? type,
        [NotNullWhen(true)] out Func<RequestFields, Command>? read,
        out RequestFault fault)
    {
        fault = new(Code.UnknownCommand);
        read = null;
        type = parsed[FieldNames.Type] is { Token: JsonTokenType.String } value ? value.ToText() : null;
        return type is not null && _commands.TryGetValue(type, out read);
    }

    private static SignedClaims ReadClaims(RequestFields f, Command command, SignedEnvelope envelope)
    {
        var signer = f.AnyNode(FieldNames.Signer);
        var isRegistration = command is MutationCommand { Mutation: RegisterNode };
        if (signer != envelope.KeyId || signer.IsNobody != isRegistration) f.Refuse(FieldNames.Signer);
        var cluster = f.Text(FieldNames.Cluster);
        var issuedAt = Math.Min(f.Number(FieldNames.IssuedAt, ulong.MaxValue), IssuedAtMax);
        return new(signer, cluster, (long)issuedAt, envelope);
    }

    private static (RequestId? Id, ulong? Settled) ReadIdentity(RequestFields f)
    {
        RequestId? id = null;
        if (f.OptionalText(FieldNames.RequestId) is { } idText)
        {
            if (!RequestId.TryParse(idText, out var parsed)) f.Refuse(FieldNames.RequestId);
            id = parsed;
        }

        ulong? settled = null;
        if (f.OptionalText(FieldNames.Settled) is { } settledText)
        {
            // 16 digits of a sequence are the second half of an id.
            var isSequence = RequestId.TryParse(new string('0', 16) + settledText, out var parsed);
            if (!isSequence || id is null || parsed.Sequence >= id.Value.Sequence) f.Refuse(FieldNames.Settled);
            settled = parsed.Sequence;
        }

        return (id, settled);
    }

    private static bool HasFault(RequestFields f, ref RequestFault fault)
    {
        fault = f.Fault ?? default;
        return f.Fault is not null;
    }

    private static bool IsType(JsonObject json, string type) => json[FieldNames.Type].IsText(type);
}
