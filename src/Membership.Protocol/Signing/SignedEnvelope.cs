using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Membership.Protocol.Json;
using Membership.Protocol.Requests;

namespace Membership.Protocol.Signing;

/// <summary>
/// A signed request as it travels: an envelope of DSSE (Dead Simple Signing Envelope, version 1) with exactly one signature, over the
/// payload's bytes and its type.
/// </summary>
/// <param name="Payload">The UTF-8 JSON of the request, as it was signed.</param>
/// <param name="KeyId">The node whose key signed; nobody for a registration, which the key within the payload signs.</param>
/// <param name="Signature">The signature, of whatever length it was sent.</param>
/// <remarks>Source: command specification, section 5. Immutable as long as the bytes are.</remarks>
public sealed record SignedEnvelope(ReadOnlyMemory<byte> Payload, NodeId KeyId, ReadOnlyMemory<byte> Signature)
{
    /// <summary>What every payload is.</summary>
    public const string PayloadType = "application/vnd.membership.request+json";

    internal const string Type = "signed";

    /// <summary>Whether the signature is this key's.</summary>
    public bool Verify(PublicKey key) => Ed25519.Verify(key, PreAuthenticationEncoding(Payload.Span), Signature.Span);

    /// <summary>The bytes that are signed: <c>DSSEv1</c>, then length and bytes of type and payload, set apart by blanks.</summary>
    public static byte[] PreAuthenticationEncoding(ReadOnlySpan<byte> payload)
    {
        var head = string.Create(
            NumberFormatInfo.InvariantInfo, $"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} ");
        return [.. Encoding.ASCII.GetBytes(head), .. payload];
    }

    /// <summary>Signs a request.</summary>
    /// <param name="payload">The UTF-8 JSON of the request, with <c>signer</c>, <c>cluster</c>, <c>request_id</c> and <c>issued_at</c>.</param>
    /// <param name="keyId">The node; nobody for a registration.</param>
    /// <param name="key">Its key.</param>
    public static SignedEnvelope Sign(ReadOnlyMemory<byte> payload, NodeId keyId, NodeKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(payload, keyId, key.Sign(PreAuthenticationEncoding(payload.Span)));
    }

    /// <summary>Writes the envelope as the JSON object that goes into a frame.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("type", Type);
        json.WriteString("payloadType", PayloadType);
        json.WriteBase64String("payload", Payload.Span);
        json.WriteStartArray("signatures");
        json.WriteStartObject();
        json.WriteString("keyid", KeyId.ToString());
        json.WriteBase64String("sig", Signature.Span);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads the shape of an envelope; the signature is another matter.</summary>
    internal static bool TryRead(JsonObject json, [NotNullWhen(true)] out SignedEnvelope? envelope, out RequestFault fault)
    {
        envelope = null;
        fault = RequestFault.Argument("payloadType");
        if (json["payloadType"] is not { Token: JsonTokenType.String } type || !type.ToUtf8().SequenceEqual(PayloadTypeUtf8)) return false;
        fault = RequestFault.Argument("payload");
        if (!TryReadBase64(json["payload"], out var payload)) return false;
        fault = RequestFault.Argument("signatures");
        if (!TryReadOnlySignature(json["signatures"], out var entry)) return false;
        fault = RequestFault.Argument("keyid");
        if (entry["keyid"] is not { Token: JsonTokenType.String } keyId || !TryReadKeyId(keyId.ToText(), out var signer)) return false;
        fault = RequestFault.Argument("sig");
        if (!TryReadBase64(entry["sig"], out var signature)) return false;
        envelope = new(payload, signer, signature);
        fault = default;
        return true;
    }

    private static ReadOnlySpan<byte> PayloadTypeUtf8 => "application/vnd.membership.request+json"u8;

    private static bool TryReadBase64(JsonValue value, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        return value.Token == JsonTokenType.String && Base64Text.TryDecode(value.ToUtf8(), out bytes);
    }

    private static bool TryReadOnlySignature(JsonValue list, [NotNullWhen(true)] out JsonObject? entry)
    {
        entry = null;
        if (list.Token != JsonTokenType.StartArray) return false;
        var entries = new JsonArray(list);
        return entries.TryRead(out var only)
            && !entries.TryRead(out _)
            && only.Token == JsonTokenType.StartObject
            && JsonObject.TryParse(only.Raw, out entry);
    }

    private static bool TryReadKeyId(string text, out NodeId node)
    {
        var isNumber = uint.TryParse(text, NumberStyles.None, NumberFormatInfo.InvariantInfo, out var number);
        node = new(number);
        return isNumber && (text.Length == 1 || text[0] != '0');
    }
}
