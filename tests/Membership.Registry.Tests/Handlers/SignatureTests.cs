using System.Text;
using System.Text.Json.Nodes;
using Membership.Protocol.Signing;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

[Collection(SharedReplicaCollection.Name)]
public sealed class SignatureTests(SharedReplica shared)
{
    private readonly ReplicaHost _host = shared.Host;
    private readonly RegistryClient _client = shared.Host.Client();

    [Theory]
    [InlineData("type", "\"leave_network\"")]
    [InlineData("node_id", "9")]
    [InlineData("network_id", "9")]
    [InlineData("accept", "true")]
    [InlineData("cluster", "\"beta\"")]
    [InlineData("request_id", "\"00000000000000010000000000000009\"")]
    [InlineData("issued_at", "9")]
    [InlineData("settled", "\"0000000000000000\"")]
    [InlineData("note", "9")]
    public async Task Each_field_is_covered(string field, string literal)
    {
        var node = await _client.RegisterAsync();
        var payload = _client.Payload(node, "respond_invite", ("node_id", node.Id), ("network_id", 7), ("accept", false), ("note", 1));
        var envelope = JsonNode.Parse(Sign(node, payload))!;
        payload[field] = JsonNode.Parse(literal);
        envelope["payload"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(payload.ToJsonString()));
        var before = _host.Replica.State.Revision;

        Refused(field == "cluster" ? Code.WrongCluster : Code.SignatureInvalid, await _client.SendAsync(envelope));
        Assert.Equal(before, _host.Replica.State.Revision);
    }

    [Fact]
    public async Task The_signer_is_the_key_id()
    {
        var (node, other) = (await _client.RegisterAsync(), await _client.RegisterAsync());
        var payload = _client.Payload(node, "set_task_exec", ("node_id", node.Id), ("enabled", true));
        var envelope = JsonNode.Parse(Sign(node, payload))!;
        envelope["signatures"]![0]!["keyid"] = other.Id.ToString();
        var answer = await _client.SendAsync(envelope);
        Refused(Code.InvalidArgument, answer);
        Assert.Equal("signer", answer.Field);

        payload["signer"] = other.Id.Value;
        Refused(Code.SignatureInvalid, await _client.SendAsync(Sign(new(other.Id, node.Key), payload)));
    }

    [Fact]
    public async Task Nobody_signs_for_another_node()
    {
        var (node, other) = (await _client.RegisterAsync(), await _client.RegisterAsync());
        Refused(Code.NotAuthorized, await _client.SignedAsync(node, "set_task_exec", ("node_id", other.Id), ("enabled", true)));
        Refused(Code.NotAuthorized, await _client.SignedAsync(node, "poll_invites", ("node_id", other.Id)));
        Refused(Code.NotAuthorized, await _client.SignedAsync(node, "deregister_node", ("node_id", other.Id)));
    }

    [Fact]
    public async Task A_signer_that_is_unknown_is_refused()
    {
        using var key = TestNode.NewKey();
        var nobody = new TestNode(new(4_000_000_000), key);
        Refused(Code.UnknownSigner, await _client.SignedAsync(nobody, "deregister_node", ("node_id", nobody.Id)));
        Refused(Code.UnknownSigner, await _client.SignedAsync(nobody, "list_networks"));
    }

    [Fact]
    public async Task Whoever_deregistered_is_unknown_when_it_repeats_that()
    {
        var node = await _client.RegisterAsync();
        var request = Sign(node, _client.Payload(node, "deregister_node", ("node_id", node.Id)));
        Ok(await _client.SendAsync(request));
        Refused(Code.UnknownSigner, await _client.SendAsync(request));
    }

    [Fact]
    public async Task A_request_for_another_cluster_is_refused()
    {
        var node = await _client.RegisterAsync();
        var payload = _client.Payload(node, "set_task_exec", ("node_id", node.Id), ("enabled", true));
        payload["cluster"] = "beta";
        Refused(Code.WrongCluster, await _client.SendAsync(Sign(node, payload)));
    }

    [Fact]
    public async Task A_replay_is_answered_as_before_and_changes_nothing()
    {
        var node = await _client.RegisterAsync();
        var on = Sign(node, _client.Payload(node, "set_task_exec", ("node_id", node.Id), ("enabled", true)));
        var first = Ok(await _client.SendAsync(on));
        Ok(await _client.SignedAsync(node, "set_task_exec", ("node_id", node.Id), ("enabled", false)));
        var again = Ok(await _client.SendAsync(on));

        Assert.Equal(first.Fields.GetRawText(), again.Fields.GetRawText());
        var seen = Ok(await _client.SignedAsync(node, "get_node", ("node_id", node.Id)));
        Assert.False(seen.Flag("task_exec"));

        // As long as its session lives, and then its signature is old.
        _host.Time.Advance(TimeSpan.FromSeconds(150));
        Assert.Equal(first.Fields.GetRawText(), Ok(await _client.SendAsync(on)).Fields.GetRawText());
        _host.Time.Advance(TimeSpan.FromSeconds(200));
        Refused(Code.RequestExpired, await _client.SendAsync(on));
        Assert.False(Ok(await _client.SignedAsync(node, "get_node", ("node_id", node.Id))).Flag("task_exec"));
    }

    [Fact]
    public async Task The_same_id_for_another_request_is_refused()
    {
        var node = await _client.RegisterAsync();
        var payload = _client.Payload(node, "set_task_exec", ("node_id", node.Id), ("enabled", true));
        Ok(await _client.SendAsync(Sign(node, payload)));
        payload["enabled"] = false;
        Refused(Code.RequestIdReused, await _client.SendAsync(Sign(node, payload)));

        var later = _client.Payload(node, "set_task_exec", ("node_id", node.Id), ("enabled", true));
        later["settled"] = ((string)payload["request_id"]!)[16..];
        Ok(await _client.SendAsync(Sign(node, later)));
        Refused(Code.RequestSettled, await _client.SendAsync(Sign(node, payload)));
    }

    [Theory]
    [InlineData(-118, null)]
    [InlineData(-123, Code.RequestExpired)]
    [InlineData(58, null)]
    [InlineData(63, Code.RequestFromFuture)]
    public async Task Freshness_is_asked_of_mutations_and_queries_alike(int seconds, Code? code)
    {
        var node = await _client.RegisterAsync();
        foreach (var payload in new[]
        {
            _client.Payload(node, "set_task_exec", ("node_id", node.Id), ("enabled", true)),
            _client.Payload(node, "poll_invites", ("node_id", node.Id)),
            _client.Payload(node, "list_networks", ("consistency", "stale")),
            _client.Payload(node, "status"),
        })
        {
            payload["issued_at"] = _host.Time.UnixSeconds + seconds;
            var answer = await _client.SendAsync(Sign(node, payload));
            if (code is null) Ok(answer);
            else Refused(code.Value, answer);
        }
    }

    [Fact]
    public async Task A_former_key_hears_its_stored_outcome_and_nothing_new()
    {
        var node = await _client.RegisterAsync();
        var done = Sign(node, _client.Payload(node, "set_task_exec", ("node_id", node.Id), ("enabled", true)));
        var first = Ok(await _client.SendAsync(done));
        using var next = TestNode.NewKey();
        var proof = next.SignText(SignedText.RotateNodeKey(ReplicaHost.ClusterId, node.Id, next.PublicKey.ToString()));
        var rotation = Sign(node, _client.Payload(
            node, "rotate_node_key", ("node_id", node.Id), ("public_key", next.PublicKey.ToString()), ("new_key_proof", proof)));
        var rotated = Ok(await _client.SendAsync(rotation));

        Assert.Equal(first.Fields.GetRawText(), Ok(await _client.SendAsync(done)).Fields.GetRawText());
        Assert.Equal(rotated.Fields.GetRawText(), Ok(await _client.SendAsync(rotation)).Fields.GetRawText());
        Refused(Code.StaleCredential, await _client.SignedAsync(node, "set_task_exec", ("node_id", node.Id), ("enabled", false)));
        Refused(Code.StaleCredential, await _client.SignedAsync(node, "get_node", ("node_id", node.Id)));
        Assert.False(_client.Last.HasShownCredential);
        var successor = node with { Key = next };
        Ok(await _client.SignedAsync(successor, "set_task_exec", ("node_id", node.Id), ("enabled", false)));
        Ok(await _client.SignedAsync(successor, "get_node", ("node_id", node.Id)));
    }

    [Fact]
    public async Task A_rotation_without_the_new_keys_proof_is_refused()
    {
        var node = await _client.RegisterAsync();
        using var next = TestNode.NewKey();
        var forOther = next.SignText(SignedText.RotateNodeKey("beta", node.Id, next.PublicKey.ToString()));
        Refused(Code.SignatureInvalid, await _client.SignedAsync(
            node, "rotate_node_key", ("node_id", node.Id), ("public_key", next.PublicKey.ToString()), ("new_key_proof", forOther)));
    }
}
