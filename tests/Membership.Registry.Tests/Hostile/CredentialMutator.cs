using System.Text;
using System.Text.Json.Nodes;

namespace Membership.Registry.Tests.Hostile;

/// <summary>Spoils requests where their credentials are: in signatures, payloads, key ids, tokens and base64.</summary>
internal sealed class CredentialMutator(Random random)
{
    private readonly JsonMutator _bytes = new(random);

    /// <summary>One to three changes of a request, with pieces of another one.</summary>
    public byte[] Mutate(byte[] valid, byte[] other)
    {
        if (random.Next(4) == 0) return _bytes.Mutate(valid, other);
        if (JsonNode.Parse(valid) is not JsonObject request || JsonNode.Parse(other) is not JsonObject donor) return valid;
        for (var count = random.Next(1, 4); count > 0; count--) Change(request, donor);
        var text = request.ToJsonString();

        // A key twice, the second of another meaning.
        return Encoding.UTF8.GetBytes(random.Next(16) == 0 ? text[..^1] + ",\"signatures\":[],\"admin_token\":\"x\"}" : text);
    }

    private void Change(JsonObject request, JsonObject donor)
    {
        switch (random.Next(8))
        {
            case 0 when OnlySignature(request) is { } signature:
                signature["keyid"] = random.Next(6) is var id && id < 5 ? $"{id}" : "4294967296";
                break;
            case 1 when OnlySignature(request) is { } signature:
                signature["sig"] = Spoil((string)signature["sig"]!);
                break;
            case 2 when request["payload"] is { } payload:
                request["payload"] = Spoil((string)payload!);
                break;
            case 3 when request["payload"] is { } payload:
                request["payload"] = ChangeField((string)payload!);
                break;
            case 4 when request["signatures"] is JsonArray signatures:
                signatures.Add(OnlySignature(donor)?.DeepClone());
                break;
            case 5:
                SwapField(request, donor);
                break;
            case 6 when request["signature"] is { } legacy:
                request["signature"] = Spoil((string)legacy!);
                break;
            default:
                ChangeToken(request);
                break;
        }
    }

    // Another's signature, payload, token or field, whole: each of them is right where it came from.
    private void SwapField(JsonObject request, JsonObject donor)
    {
        var name = donor.ElementAt(random.Next(donor.Count)).Key;
        request[name] = donor[name]?.DeepClone();
    }

    private void ChangeToken(JsonObject request)
    {
        if (request["admin_token"]?.GetValueKind() != System.Text.Json.JsonValueKind.String)
        {
            if (request["type"]?.ToString() != "signed") request["admin_token"] = "made up";
            return;
        }

        var token = (string)request["admin_token"]!;
        request["admin_token"] = random.Next(6) switch
        {
            0 => token + " ",
            1 => token.ToUpperInvariant(),
            2 when token.Length > 0 => token[1..],
            3 => SignedThings.NetworkToken,
            4 => token + "\0",
            _ => "",
        };
    }

    // A field of the payload gets another value, and the signature stays what it was.
    private string ChangeField(string payload)
    {
        if (!TryDecode(payload, out var bytes)) return payload;
        try
        {
            if (JsonNode.Parse(bytes) is not JsonObject json || json.Count == 0) return payload;
            var name = json.ElementAt(random.Next(json.Count)).Key;
            json[name] = json[name]?.GetValueKind() switch
            {
                System.Text.Json.JsonValueKind.Number => random.Next(5),
                System.Text.Json.JsonValueKind.True => false,
                System.Text.Json.JsonValueKind.False => true,
                _ => random.Next(2) == 0 ? "beta" : "0000000000000007" + random.Next().ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
            };
            return Convert.ToBase64String(Encoding.UTF8.GetBytes(json.ToJsonString()));
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or InvalidOperationException or ArgumentException)
        {
            return payload;
        }
    }

    // Base64 in other spellings, and the bytes within changed.
    private string Spoil(string base64)
    {
        if (base64.Length < 4 || !TryDecode(base64, out var bytes) || bytes.Length == 0) return base64 + "=";
        switch (random.Next(8))
        {
            case 0:
                return base64.TrimEnd('=');
            case 1:
                return base64.Replace('+', '-').Replace('/', '_');
            case 2:
                return base64.Insert(random.Next(base64.Length), "\n");
            case 3:
                // The last character before the padding has bits that say nothing.
                var last = base64.TrimEnd('=').Length - 1;
                return base64[..last] + (char)(base64[last] + 1) + base64[(last + 1)..];
            case 4:
                return Convert.ToBase64String(bytes.AsSpan(0, random.Next(bytes.Length)));
            case 5:
                return Convert.ToBase64String([.. bytes, (byte)random.Next(256)]);
            default:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return Convert.ToBase64String(bytes);
        }
    }

    private static JsonObject? OnlySignature(JsonObject request) =>
        request["signatures"] is JsonArray { Count: > 0 } list && list[0] is JsonObject { Count: 2 } signature
        && signature["sig"]?.GetValueKind() == System.Text.Json.JsonValueKind.String ? signature : null;

    private static bool TryDecode(string base64, out byte[] bytes)
    {
        bytes = new byte[base64.Length];
        var isBase64 = Convert.TryFromBase64String(base64, bytes, out var count);
        bytes = bytes[..count];
        return isBase64;
    }
}
