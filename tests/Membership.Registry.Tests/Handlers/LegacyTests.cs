using System.Text.Json.Nodes;
using Membership.Protocol.Answers;
using Membership.Protocol.Signing;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

[Collection(SharedReplicaCollection.Name)]
public sealed class LegacyTests(SharedReplica shared)
{
    private readonly RegistryClient _off = shared.Host.Client();
    private readonly RegistryClient _on = shared.Host.Client(new() { LegacySignatures = true });
    private readonly RegistryClient _pilot = shared.Host.Client(RegistryOptions.PilotCompatible());

    [Fact]
    public async Task Each_stock_signature_counts_when_the_option_is_on_and_only_then()
    {
        var (node, owner) = (await _on.RegisterAsync(), await _on.RegisterAsync());
        var net = await _on.CreateAsync(owner, ("join_rule", "invite"), ("enterprise", true));
        var open = await _on.CreateAsync(owner);
        (TestNode Signer, string Text, JsonObject Request)[] requests =
        [
            (owner, SignedText.Invite(owner.Id, Net(net), node.Id), Fields("invite_to_network", ("inviter_id", owner.Id), ("network_id", net), ("target_node_id", node.Id))),
            (node, SignedText.PollInvites(node.Id), Fields("poll_invites", ("node_id", node.Id))),
            (node, SignedText.RespondInvite(node.Id, Net(net)), Fields("respond_invite", ("node_id", node.Id), ("network_id", net), ("accept", true))),
            (node, SignedText.JoinNetwork(node.Id, Net(open)), Fields("join_network", ("node_id", node.Id), ("network_id", open))),
            (node, SignedText.ListNetworks(node.Id), Fields("list_networks", ("node_id", node.Id))),
            (node, SignedText.ListNodes(node.Id, Net(net)), Fields("list_nodes", ("requester_id", node.Id), ("network_id", net))),
            (node, SignedText.SetTaskExec(node.Id), Fields("set_task_exec", ("node_id", node.Id), ("enabled", true))),
            (node, SignedText.LeaveNetwork(node.Id, Net(net)), Fields("leave_network", ("node_id", node.Id), ("network_id", net))),
            (node, SignedText.Deregister(node.Id), Fields("deregister_node", ("node_id", node.Id))),
        ];
        foreach (var (signer, text, request) in requests)
        {
            request["signature"] = signer.Key.SignText(text);
            Refused(Code.LegacyDisabled, await _off.SendAsync(request));
            request["signature"] = signer.Key.SignText(text + "0");
            Refused(Code.SignatureInvalid, await _on.SendAsync(request));
            request["signature"] = "nonsense";
            Refused(Code.SignatureInvalid, await _on.SendAsync(request));
            request["signature"] = signer.Key.SignText(text);
            Ok(await _on.SendAsync(request));
            Assert.True(_on.Last.HasShownCredential);
        }

        Refused(Code.UnknownSigner, await _on.SendAsync(requests[^1].Request));
    }

    [Fact]
    public async Task One_that_fails_falls_back_to_a_valid_admin_token()
    {
        var node = await _on.RegisterAsync();
        var request = Fields("set_task_exec", ("node_id", node.Id), ("enabled", true), ("signature", "nonsense"), ("admin_token", AdminToken));
        Assert.StartsWith("admin:", await ActorOfAsync(Ok(await _on.SendAsync(request))), StringComparison.Ordinal);
        request["admin_token"] = "wrong";
        Refused(Code.SignatureInvalid, await _on.SendAsync(request));
        Refused(Code.LegacyDisabled, await _off.SendAsync(request));
    }

    [Fact]
    public async Task A_signature_that_holds_makes_a_node_even_beside_an_admin_token()
    {
        var node = await _on.RegisterAsync();
        var request = Fields("set_task_exec", ("node_id", node.Id), ("enabled", true), ("admin_token", AdminToken));
        request["signature"] = node.Key.SignText(SignedText.SetTaskExec(node.Id));
        Assert.Equal($"node:{node.Id}", await ActorOfAsync(Ok(await _on.SendAsync(request))));
    }

    private async Task<string?> ActorOfAsync(Answer change)
    {
        var trail = Ok(await _on.AdminAsync("get_audit", ("from_revision", change.Revision), ("limit", 1)));
        return trail.Fields.GetProperty("records")[0].GetProperty("actor").GetString();
    }

    [Fact]
    public async Task Only_the_present_key_is_looked_at()
    {
        var node = await _on.RegisterAsync();
        var request = Fields("poll_invites", ("node_id", node.Id), ("signature", node.Key.SignText(SignedText.PollInvites(node.Id))));
        Ok(await _on.SendAsync(request));
        using var next = TestNode.NewKey();
        var proof = next.SignText(SignedText.RotateNodeKey(ReplicaHost.ClusterId, node.Id, next.PublicKey.ToString()));
        Ok(await _on.SignedAsync(node, "rotate_node_key", ("node_id", node.Id), ("public_key", next.PublicKey.ToString()), ("new_key_proof", proof)));
        Refused(Code.SignatureInvalid, await _on.SendAsync(request));
    }

    [Theory]
    [InlineData("ffffffffffffffff", "fffffffffffffffe")]
    [InlineData("0000000000000005", null)]
    public async Task A_request_id_that_no_signature_covers_touches_no_session(string sequence, string? settled)
    {
        // Whoever captured a stock signature may put any id beside it: watching tells them those of the node.
        var node = await _on.RegisterAsync();
        var client = $"{Random.Shared.NextInt64():x16}";
        Ok(await SignedAsync("0000000000000001"));
        var captured = Fields("set_task_exec", ("node_id", node.Id), ("enabled", false), ("request_id", client + sequence));
        captured["signature"] = node.Key.SignText(SignedText.SetTaskExec(node.Id));
        if (settled is not null) captured["settled"] = settled;
        Ok(await _on.SendAsync(captured));

        Ok(await SignedAsync("0000000000000002"));
        Ok(await SignedAsync("0000000000000005"));

        async Task<Answer> SignedAsync(string own)
        {
            var payload = _on.Payload(node, "set_task_exec", ("node_id", node.Id), ("enabled", true));
            payload["request_id"] = client + own;
            return await _on.SendAsync(Sign(node, payload));
        }
    }

    [Fact]
    public async Task A_signature_of_a_command_that_never_had_one_counts_for_nothing() =>
        Refused(Code.SignatureInvalid, await _on.SendAsync(Fields("rename_network", ("network_id", 1), ("name", "x"), ("signature", "AAAA"))));

    [Fact]
    public async Task Stock_clients_register_and_deregister()
    {
        using var key = TestNode.NewKey();
        var request = Fields("register", ("public_key", key.PublicKey.ToString()), ("listen_addr", "10.0.0.1:4000"), ("hostname", 5));
        Refused(Code.UnknownCommand, await _on.SendAsync(request));
        Refused(Code.SignatureRequired, await _pilot.SendAsync(request));
        request["signature"] = key.SignText(SignedText.Register("10.0.0.2:4000", key.PublicKey.ToString()));
        Refused(Code.SignatureInvalid, await _pilot.SendAsync(request));
        request["signature"] = key.SignText(SignedText.Register("10.0.0.1:4000", key.PublicKey.ToString()));
        var registered = Ok(await _pilot.SendAsync(request));
        Assert.Equal("register_ok", registered.Type);
        var node = new NodeId((uint)registered.Number("node_id")!);
        Assert.Equal(0UL, registered.Number("network_id"));
        Assert.Equal(new NodeAddress(NetworkId.Backbone, node).ToString(), registered.Text("address"));
        Assert.Equal(key.PublicKey.ToString(), registered.Text("public_key"));
        Assert.Equal((ulong)node.Value, Ok(await _pilot.SendAsync(request)).Number("node_id"));

        var gone = Ok(await _pilot.SendAsync(Fields("deregister", ("node_id", node), ("signature", key.SignText(SignedText.Deregister(node))))));
        Assert.Equal("deregister_ok", gone.Type);

        // Has no freshness: the captured request brings the key back, under a new id.
        Assert.NotEqual((ulong)node.Value, Ok(await _pilot.SendAsync(request)).Number("node_id"));
    }

    [Fact]
    public async Task A_network_token_counts_as_owner_for_stock_clients_and_the_directory_is_open()
    {
        var owner = await _off.RegisterAsync();
        var net = await _off.CreateAsync(owner, ("join_rule", "token"), ("token", "t"), ("network_admin_token", "net"));
        var request = Fields("set_join_rule", ("network_id", net), ("join_rule", "open"), ("admin_token", "net"));
        Refused(Code.NetworkNotFound, await _off.SendAsync(Fields("get_network", ("network_id", net))));
        Ok(await _pilot.SendAsync(Fields("get_network", ("network_id", net))));
        Refused(Code.RoleRequired, await _off.SendAsync(request));
        Ok(await _pilot.SendAsync(request));
    }

    private static NetworkId Net(int id) => new((ushort)id);
}
