using System.Buffers;
using System.Text;
using System.Text.Json;
using Membership.Protocol.Requests;
using Membership.Protocol.Signing;
using Membership.Protocol.Tokens;

namespace Membership.Registry.Tests.Vectors;

public sealed class VectorTests
{
    public static TheoryData<string> SignedRequests => VectorFile.Entries("signed_requests");

    public static TheoryData<string> LegacySignatures => VectorFile.Entries("legacy_signatures");

    public static TheoryData<string> RotationProofs => VectorFile.Entries("rotation_proofs");

    public static TheoryData<string> Verifiers => VectorFile.Entries("verifiers");

    public static TheoryData<string> Addresses => VectorFile.Entries("addresses");

    [Theory]
    [MemberData(nameof(SignedRequests))]
    public void A_signed_request_is_made_byte_for_byte(string text)
    {
        var entry = VectorFile.Parse(text);
        using var key = NodeKey.FromSeed(entry.Hex("seed_hex"));
        Assert.Equal(entry.Text("public_key"), key.PublicKey.ToString());

        var payload = Encoding.UTF8.GetBytes(entry.Text("payload_text"));
        Assert.Equal(entry.Hex("pae_hex"), SignedEnvelope.PreAuthenticationEncoding(payload));

        var expected = entry.GetProperty("envelope");
        var keyId = uint.Parse(expected.GetProperty("signatures")[0].Text("keyid"), System.Globalization.CultureInfo.InvariantCulture);
        var written = new ArrayBufferWriter<byte>();
        SignedEnvelope.Sign(payload, new(keyId), key).WriteTo(written);
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(JsonDocument.Parse(written.WrittenMemory).RootElement));
    }

    [Theory]
    [MemberData(nameof(SignedRequests))]
    public void A_signed_request_is_read_and_verified(string text)
    {
        var entry = VectorFile.Parse(text);
        var request = Wire.Read(entry.GetProperty("envelope").GetRawText());
        var payload = VectorFile.Parse(entry.Text("payload_text"));

        var claims = request.Claims!;
        Assert.Equal(payload.Text("type"), request.Type);
        Assert.Equal(payload.GetProperty("signer").GetUInt32(), claims.Signer.Value);
        Assert.Equal(payload.Text("cluster"), claims.Cluster);
        Assert.Equal(payload.GetProperty("issued_at").GetInt64(), claims.IssuedAt);
        Assert.Equal(payload.Text("request_id"), request.RequestId.ToString());
        Assert.Equal(payload.TryGetProperty("settled", out _) ? 1UL : null, request.Settled);
        Assert.Equal(entry.Text("payload_text"), Encoding.UTF8.GetString(claims.Envelope.Payload.Span));

        Assert.True(claims.Envelope.Verify(new(Convert.FromBase64String(entry.Text("public_key")))));
        Assert.False(claims.Envelope.Verify(OtherKey));
        var spoiled = claims.Envelope with { Payload = Encoding.UTF8.GetBytes(entry.Text("payload_text") + " ") };
        Assert.False(spoiled.Verify(new(Convert.FromBase64String(entry.Text("public_key")))));
    }

    [Theory]
    [MemberData(nameof(LegacySignatures))]
    public void A_legacy_signature_is_made_and_verified(string text)
    {
        var entry = VectorFile.Parse(text);
        using var key = NodeKey.FromSeed(entry.Hex("seed_hex"));
        var (challenge, signature) = (entry.Text("challenge"), entry.Text("signature"));
        Assert.Equal(signature, key.SignText(challenge));
        Assert.True(SignedText.Verify(new(Convert.FromBase64String(entry.Text("public_key"))), challenge, signature));
        Assert.False(SignedText.Verify(key.PublicKey, challenge + "0", signature));
        Assert.False(SignedText.Verify(key.PublicKey, challenge, signature[..^4]));
        Assert.False(SignedText.Verify(OtherKey, challenge, signature));
        Assert.Equal(challenge, Wire.Read(RequestFor(challenge)).Command.Challenge?.Text);
    }

    [Theory]
    [MemberData(nameof(RotationProofs))]
    public void A_rotation_is_completed_with_its_proof_verified(string text)
    {
        var entry = VectorFile.Parse(text);
        using var key = NodeKey.FromSeed(entry.Hex("new_seed_hex"));
        Assert.Equal(entry.Text("text"), SignedText.RotateNodeKey("alpha", new(1001), entry.Text("public_key")));
        Assert.Equal(entry.Text("new_key_proof"), key.SignText(entry.Text("text")));

        var request = $$"""
            {"type":"rotate_node_key","node_id":1001,"public_key":"{{entry.Text("public_key")}}","new_key_proof":"{{entry.Text("new_key_proof")}}"}
            """;
        Assert.Equal(new RotateNodeKey(new(1001), key.PublicKey), Wire.Complete<RotateNodeKey>(request, InputsOf("alpha")));
        Assert.Equal(Code.SignatureInvalid, Wire.Complete<RotateNodeKey>(request, InputsOf("beta")).Verdict);
        Assert.Equal(Code.SignatureInvalid, Wire.Complete<RotateNodeKey>(request.Replace("1001", "1002"), InputsOf("alpha")).Verdict);
    }

    [Theory]
    [MemberData(nameof(Verifiers))]
    public void A_verifier_is_made_byte_for_byte(string text)
    {
        var entry = VectorFile.Parse(text);
        using var secret = new ClusterSecret(entry.Hex("secret_hex"));
        var verifier = secret.MakeVerifier(entry.Text("token"), Salt.FromBytes(entry.Hex("salt_hex")));
        Assert.Equal(entry.Text("verifier_hex"), Convert.ToHexStringLower(verifier.Mac.Bytes));
        Assert.True(secret.Verify(verifier, entry.Text("token")));
        Assert.False(secret.Verify(verifier, entry.Text("token") + "x"));
        Assert.Equal(new TokenProof(7, verifier.Mac), secret.MakeProof(entry.Text("token"), new(7, verifier)));
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public void An_address_is_written_and_read(string text)
    {
        var entry = VectorFile.Parse(text);
        var address = new NodeAddress(new(entry.GetProperty("network").GetUInt16()), new(entry.GetProperty("node").GetUInt32()));
        Assert.Equal(entry.Text("text"), address.ToString());
        Assert.True(NodeAddress.TryParse(entry.Text("text"), out var parsed));
        Assert.Equal(address, parsed);
        Assert.True(NodeAddress.TryParse(entry.Text("text").ToLowerInvariant(), out parsed));
        Assert.Equal(address, parsed);
    }

    private static PublicKey OtherKey
    {
        get
        {
            using var key = NodeKey.FromSeed(new byte[32]);
            return key.PublicKey;
        }
    }

    private static ProposalInputs InputsOf(string cluster) => new(cluster, new(new byte[32]), _ => null);

    // The request whose legacy text this is.
    private static string RequestFor(string challenge)
    {
        var parts = challenge.Split(':');
        return parts[0] switch
        {
            "join_network" or "leave_network" => $$"""{"type":"{{parts[0]}}","node_id":{{parts[1]}},"network_id":{{parts[2]}}}""",
            "respond_invite" => $$"""{"type":"{{parts[0]}}","node_id":{{parts[1]}},"network_id":{{parts[2]}},"accept":true}""",
            "invite" => $$"""{"type":"invite_to_network","inviter_id":{{parts[1]}},"network_id":{{parts[2]}},"target_node_id":{{parts[3]}}}""",
            "poll_invites" => $$"""{"type":"poll_invites","node_id":{{parts[1]}}}""",
            "deregister" => $$"""{"type":"deregister_node","node_id":{{parts[1]}}}""",
            "set_task_exec" => $$"""{"type":"set_task_exec","node_id":{{parts[1]}},"enabled":true}""",
            "list_networks" => $$"""{"type":"list_networks","requester_id":{{parts[1]}}}""",
            _ => $$"""{"type":"list_nodes","node_id":{{parts[1]}},"network_id":{{parts[2]}}}""",
        };
    }
}
