using System.Buffers;
using System.Text;
using Membership.Protocol.Requests;
using Membership.Protocol.Signing;

namespace Membership.Registry.Tests.Requests;

public sealed class SignedRequestTests : IDisposable
{
    private const string Claims =
        "\"signer\":7,\"cluster\":\"alpha\",\"request_id\":\"000000000000000a000000000000000b\",\"issued_at\":1763900000";

    private readonly NodeKey _key = NodeKey.FromSeed(new byte[32]);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void The_payload_is_the_request()
    {
        var request = Wire.Read(Seal($$"""{"type":"leave_network","node_id":7,"network_id":3,{{Claims}},"settled":"0000000000000001"}"""));
        Assert.Equal(new LeaveNetwork(new(7), new(3)), Assert.IsType<MutationCommand>(request.Command).Mutation);
        Assert.Equal((new RequestId(10, 11), 1UL, null, null), (request.RequestId, request.Settled, request.AdminToken, request.LegacySignature));
        Assert.Equal((new NodeId(7), "alpha", 1763900000L), (request.Claims!.Signer, request.Claims.Cluster, request.Claims.IssuedAt));
        Assert.True(request.Claims.Envelope.Verify(_key.PublicKey));
    }

    [Fact]
    public void What_stands_beside_the_payload_counts_for_nothing()
    {
        var sealed_ = Seal($$"""{"type":"leave_network","node_id":7,"network_id":3,"signature":5,{{Claims}}}""");
        var request = Wire.Read("{\"admin_token\":\"root\",\"node_id\":9," + sealed_[1..]);
        Assert.Equal((null, null), (request.AdminToken, request.LegacySignature));
        Assert.Equal(new LeaveNetwork(new(7), new(3)), Assert.IsType<MutationCommand>(request.Command).Mutation);
    }

    [Theory]
    [InlineData("admin_token", "\"root\"")]
    [InlineData("admin_token", "\"\"")]
    [InlineData("signer", "8")]
    [InlineData("signer", "0")]
    [InlineData("signer", "\"7\"")]
    [InlineData("signer", null)]
    [InlineData("cluster", "5")]
    [InlineData("cluster", null)]
    [InlineData("request_id", null)]
    [InlineData("request_id", "null")]
    [InlineData("request_id", "\"x\"")]
    [InlineData("issued_at", null)]
    [InlineData("issued_at", "-1")]
    [InlineData("issued_at", "1.5")]
    [InlineData("issued_at", "\"1763900000\"")]
    [InlineData("issued_at", "18446744073709551616")]
    [InlineData("settled", "\"000000000000000b\"")]
    [InlineData("settled", "7")]
    public void Each_claim_wrong_is_named(string name, string? literal)
    {
        var claims = string.Join(',', Claims.Split(',').Where(claim => !claim.Contains(name, StringComparison.Ordinal)));
        var field = literal is null ? "" : $",\"{name}\":{literal}";
        var json = Seal($$"""{"type":"leave_network","node_id":7,"network_id":0,{{claims}}{{field}}}""");
        Assert.Equal(new(Code.InvalidArgument, name), Wire.Refuse(json));
    }

    [Fact]
    public void A_query_needs_no_id_but_the_other_claims()
    {
        Assert.Null(Wire.Read(Seal("""{"type":"get_node","node_id":9,"signer":7,"cluster":"alpha","issued_at":1}""")).RequestId);
        Assert.Equal(new(Code.InvalidArgument, "issued_at"), Wire.Refuse(Seal("""{"type":"get_node","node_id":9,"signer":7,"cluster":"alpha"}""")));
    }

    [Fact]
    public void Nobody_signs_registrations_and_nothing_else()
    {
        var registration = $$"""{"type":"register_node","public_key":"{{_key.PublicKey}}",{{Claims}}}""";
        Assert.Equal(new(Code.InvalidArgument, "signer"), Wire.Refuse(Seal(registration)));
        Assert.Equal(NodeId.Nobody, Wire.Read(Seal(registration.Replace("\"signer\":7", "\"signer\":0"), keyId: 0)).Claims!.Signer);
        var leave = $$"""{"type":"leave_network","node_id":7,"network_id":3,{{Claims}}}""".Replace("\"signer\":7", "\"signer\":0");
        Assert.Equal(new(Code.InvalidArgument, "signer"), Wire.Refuse(Seal(leave, keyId: 0)));
    }

    [Fact]
    public void A_time_beyond_the_year_9999_is_still_from_the_future()
    {
        var json = Seal($$"""{"type":"leave_network","node_id":7,"network_id":3,{{Claims}}}""".Replace("1763900000", "18446744073709551615"));
        Assert.Equal(253_402_300_799, Wire.Read(json).Claims!.IssuedAt);
    }

    [Theory]
    [InlineData("{\"type\":\"signed\"}", "payloadType")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":5}", "payloadType")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":\"application/json\",\"payload\":\"e30=\",\"signatures\":[]}", "payloadType")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":5,\"signatures\":[]}", "payload")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30\",\"signatures\":[]}", "payload")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e3 0=\",\"signatures\":[]}", "payload")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30=\\n\",\"signatures\":[]}", "payload")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30=    \",\"signatures\":[]}", "payload")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e3\\n\\n\\n\\n0=\",\"signatures\":[]}", "payload")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e31=\",\"signatures\":[]}", "payload")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30=\"}", "signatures")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30=\",\"signatures\":{}}", "signatures")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30=\",\"signatures\":[]}", "signatures")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30=\",\"signatures\":[5]}", "signatures")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30=\",\"signatures\":[{\"keyid\":\"7\",\"sig\":\"\"},{\"keyid\":\"7\",\"sig\":\"\"}]}", "signatures")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30=\",\"signatures\":[{\"sig\":\"\"}]}", "keyid")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30=\",\"signatures\":[{\"keyid\":7,\"sig\":\"\"}]}", "keyid")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30=\",\"signatures\":[{\"keyid\":\"07\",\"sig\":\"\"}]}", "keyid")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30=\",\"signatures\":[{\"keyid\":\"+7\",\"sig\":\"\"}]}", "keyid")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30=\",\"signatures\":[{\"keyid\":\"4294967296\",\"sig\":\"\"}]}", "keyid")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30=\",\"signatures\":[{\"keyid\":\"7\"}]}", "sig")]
    [InlineData("{\"type\":\"signed\",\"payloadType\":T,\"payload\":\"e30=\",\"signatures\":[{\"keyid\":\"7\",\"sig\":\"_\"}]}", "sig")]
    public void An_envelope_of_another_shape_is_refused_before_its_payload(string json, string field) =>
        Assert.Equal(new(Code.InvalidArgument, field), Wire.Refuse(json.Replace(":T,", $":\"{SignedEnvelope.PayloadType}\",")));

    [Theory]
    [InlineData("x", Code.InvalidJson)]
    [InlineData("[]", Code.InvalidJson)]
    [InlineData("{\"type\":\"status\",\"type\":\"status\"}", Code.InvalidJson)]
    [InlineData("{}", Code.UnknownCommand)]
    [InlineData("{\"type\":\"signed\"}", Code.UnknownCommand)]
    public void A_payload_that_is_no_request_is_refused(string payload, Code expected)
    {
        var fault = Wire.Refuse(Seal(payload));
        Assert.Equal(new(expected), fault);
        Assert.Equal(expected == Code.InvalidJson, fault.EndsConnection);
    }

    [Fact]
    public void A_payload_may_be_escaped_and_its_signature_of_any_length()
    {
        var json = Seal($$"""{"type":"leave_network","node_id":7,"network_id":3,{{Claims}}}""");
        Assert.True(Wire.Read(json.Replace("==", "\\u003d=")).Claims!.Envelope.Verify(_key.PublicKey));
        var start = json.IndexOf("\"sig\":\"", StringComparison.Ordinal) + 7;
        foreach (var signature in new[] { "", "AAAA", new string('A', 200) })
            Assert.False(Wire.Read(json[..start] + signature + "\"}]}").Claims!.Envelope.Verify(_key.PublicKey));
    }

    private string Seal(string payload, uint keyId = 7)
    {
        var written = new ArrayBufferWriter<byte>();
        SignedEnvelope.Sign(Encoding.UTF8.GetBytes(payload), new(keyId), _key).WriteTo(written);
        return Encoding.UTF8.GetString(written.WrittenSpan);
    }
}
