using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

/// <summary>Each request is wrong in the step that it names and in every later one.</summary>
[Collection(SharedReplicaCollection.Name)]
public sealed class CheckOrderTests(SharedReplica shared)
{
    private readonly RegistryClient _client = shared.Host.Client();

    [Theory]
    [InlineData("invalid_json", """{"type":"nonsense","type":"nonsense"}""", true)]
    [InlineData("invalid_json", """{"type":"nonsense" """, true)]
    [InlineData("invalid_json", """["nonsense"]""", true)]
    [InlineData("invalid_argument", """{"type":"signed","payloadType":"x","payload":"bm9uc2Vuc2U="}""", false)]
    [InlineData("unknown_command", """{"type":"nonsense","network_id":"x"}""", false)]
    [InlineData("invalid_argument", """{"type":"delete_network","network_id":"x","admin_token":"wrong"}""", false)]
    [InlineData("backbone", """{"type":"delete_network","network_id":0,"admin_token":"wrong"}""", false)]
    [InlineData("admin_token_invalid", """{"type":"delete_network","network_id":65535,"admin_token":"wrong"}""", false)]
    [InlineData("signature_required", """{"type":"delete_network","network_id":65535}""", false)]
    [InlineData("admin_required", """{"type":"set_network_enterprise","network_id":65535,"enterprise":true}""", false)]
    [InlineData("legacy_disabled", """{"type":"leave_network","network_id":65535,"node_id":4000000000,"signature":"x"}""", false)]
    [InlineData("network_not_found", """{"type":"delete_network","network_id":65535,"admin_token":"the-admin-token"}""", false)]
    public async Task The_first_step_that_fails_is_heard(string code, string request, bool closes)
    {
        var answer = await _client.Handlers.HandleAsync(System.Text.Encoding.UTF8.GetBytes(request), RequestSource.InProcess);
        Assert.True(Membership.Protocol.Answers.Answer.TryParse(answer.Content, out var parsed));
        Assert.Equal(code, parsed.CodeName);
        Assert.Equal(closes, answer.CloseAfter);
        Assert.Equal(code == "invalid_argument", parsed.Field is not null);
    }

    [Fact]
    public async Task An_anonymous_caller_learns_nothing_about_state()
    {
        var owner = await _client.RegisterAsync();
        var net = await _client.CreateAsync(owner, ("join_rule", "token"), ("token", "t"));
        foreach (var id in new[] { net, 65_000 })
        {
            Refused(Code.SignatureRequired, await _client.SendAsync(Fields("join_network", ("node_id", owner.Id), ("network_id", id))));
            Refused(Code.SignatureRequired, await _client.SendAsync(Fields("respond_invite", ("node_id", 1), ("network_id", id), ("accept", true))));
            Refused(Code.AdminTokenInvalid, await _client.SendAsync(Fields("rename_network", ("network_id", id), ("name", "x"), ("admin_token", "wrong"))));
            Refused(Code.NetworkNotFound, await _client.SendAsync(Fields("get_network", ("network_id", id))));
        }
    }

    [Fact]
    public async Task Freshness_comes_before_the_key_version_and_both_before_the_row()
    {
        var node = await _client.RegisterAsync();
        var payload = _client.Payload(node, "leave_network", ("node_id", node.Id), ("network_id", 65_000));
        payload["issued_at"] = shared.Host.Time.UnixSeconds - 125;
        Refused(Code.RequestExpired, await _client.SendAsync(Sign(node, payload)));
        payload["issued_at"] = shared.Host.Time.UnixSeconds + 65;
        Refused(Code.RequestFromFuture, await _client.SendAsync(Sign(node, payload)));
        payload["issued_at"] = shared.Host.Time.UnixSeconds;
        Refused(Code.NetworkNotFound, await _client.SendAsync(Sign(node, payload)));
    }
}
