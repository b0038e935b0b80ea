using Membership.Protocol.Answers;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

/// <summary>The rows of the command specification, section 9, that are about what the registry lost or let through, one test a row.</summary>
[Collection(SharedReplicaCollection.Name)]
public sealed class RepairedBehaviourTests(SharedReplica shared)
{
    private const string Rules = """{"links":3,"cycle":"24h","prune":0,"fill":0,"prune_by":"age","fill_how":"random"}""";

    private static readonly string[] Tag = ["a"];

    private readonly RegistryClient _client = shared.Host.Client();
    private readonly RegistryClient _stock = shared.Host.Client(RegistryOptions.PilotCompatible());

    [Difference("kick, accept, invites, roles, transfer, rename, enterprise, tags, policy, rules are lost by a crash within 5 s")]
    [Fact]
    public async Task A_crash_right_after_the_answers_loses_nothing()
    {
        var host = await ReplicaHost.StartAsync();
        var client = host.Client();
        var (owner, guest) = (await client.RegisterAsync(), await client.RegisterAsync());
        var rules = System.Text.Json.JsonDocument.Parse(Rules).RootElement;
        var net = await client.CreateAsync(owner, ("join_rule", "invite"), ("enterprise", true), ("rules", rules));
        (string, object?)[] target = [("network_id", net), ("target_node_id", guest.Id)];
        Ok(await client.SignedAsync(owner, "invite_to_network", [.. target, ("inviter_id", owner.Id)]));
        Ok(await client.SignedAsync(guest, "respond_invite", ("node_id", guest.Id), ("network_id", net), ("accept", true)));
        Ok(await client.SignedAsync(owner, "promote_member", target));
        Ok(await client.SignedAsync(owner, "set_member_tags", [.. target, ("tags", Tag)]));
        Ok(await client.SignedAsync(owner, "transfer_ownership", ("network_id", net), ("new_owner_id", guest.Id)));
        Ok(await client.SignedAsync(guest, "kick_member", ("network_id", net), ("target_node_id", owner.Id)));
        Ok(await client.SignedAsync(guest, "set_network_policy", ("network_id", net), ("max_members", 9)));
        Ok(await client.SignedAsync(guest, "rename_network", ("network_id", net), ("name", "kept")));
        var revision = host.Replica.State.Revision;

        await using var after = await host.CrashAsync();
        client = after.Client();
        Assert.Equal(revision, after.Replica.State.Revision);
        var network = Ok(await client.AdminAsync("get_network", ("network_id", net))).Fields;
        Assert.Equal(
            ("kept", 9, "invite", true, 3),
            (network.GetProperty("name").GetString(), network.GetProperty("max_members").GetInt32(), network.GetProperty("join_rule").GetString(),
                network.GetProperty("enterprise").GetBoolean(), network.GetProperty("rules").GetProperty("links").GetInt32()));
        var nodes = Ok(await client.AdminAsync("list_nodes", ("network_id", net))).Fields.GetProperty("nodes");
        var only = Assert.Single(nodes.EnumerateArray());
        Assert.Equal(
            (guest.Id.Value, "owner", "a"),
            (only.GetProperty("node_id").GetUInt32(), only.GetProperty("role").GetString(), only.GetProperty("member_tags")[0].GetString()));
    }

    [Difference("signatures without freshness, accept not covered")]
    [Fact]
    public async Task A_signature_covers_every_field_for_two_minutes_and_counts_once()
    {
        var (owner, guest) = (await _client.RegisterAsync(), await _client.RegisterAsync());
        var net = await InvitingAsync(owner, guest);
        var payload = _client.Payload(guest, "respond_invite", ("node_id", guest.Id), ("network_id", net), ("accept", false));
        var signed = Sign(guest, payload);
        var accepting = payload.DeepClone();
        accepting["accept"] = true;
        var forged = System.Text.Json.Nodes.JsonNode.Parse(signed)!;
        forged["payload"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(accepting.ToJsonString()));
        Refused(Code.SignatureInvalid, await _client.SendAsync(forged));
        var first = Ok(await _client.SendAsync(signed));
        Assert.Equal(first.Revision, Ok(await _client.SendAsync(signed)).Revision);
        payload["request_id"] = "00000000000000aa00000000000000bb";
        payload["issued_at"] = shared.Host.Time.UnixSeconds - 125;
        Refused(Code.RequestExpired, await _client.SendAsync(Sign(guest, payload)));
    }

    [Difference("owner may vanish (leave, deregister, enterprise off and on), pre-assignment can mint owners")]
    [Fact]
    public async Task There_is_always_one_owner_and_the_next_to_join_an_emptied_network_owns_it()
    {
        var owner = await _client.RegisterAsync();
        var net = await _client.CreateAsync(owner, ("enterprise", true));
        var (second, third) = (await _client.JoinAsync(net), await _client.JoinAsync(net));
        Refused(Code.CannotLeave, await LeaveAsync(net, owner));
        Ok(await _client.SignedAsync(owner, "promote_member", ("network_id", net), ("target_node_id", third.Id)));
        foreach (var flag in new[] { false, true }) Ok(await _client.AdminAsync("set_network_enterprise", ("network_id", net), ("enterprise", flag)));
        Assert.Equal("owner", await RoleAsync(net, owner));
        Ok(await _client.SignedAsync(owner, "deregister_node", ("node_id", owner.Id)));
        Assert.Equal(("member", "owner"), (await RoleAsync(net, second), await RoleAsync(net, third)));
        object[] owners = [new { external_id = "x", role = "owner" }];
        Refused(Code.InvalidRole, await _client.AdminAsync("set_rbac_preassignments", ("network_id", net), ("roles", owners)));

        Ok(await _client.AdminAsync("set_network_enterprise", ("network_id", net), ("enterprise", false)));
        Ok(await LeaveAsync(net, third));
        Assert.Equal("owner", await RoleAsync(net, second));
        Ok(await LeaveAsync(net, second));
        Assert.Equal("owner", await RoleAsync(net, await _client.JoinAsync(net)));
    }

    [Difference("unknown join rules and empty join tokens accepted")]
    [Fact]
    public async Task Unknown_rules_and_empty_tokens_are_refused_at_creation()
    {
        var owner = await _client.RegisterAsync();
        Refused(Code.JoinRuleInvalid, await CreateAsync(("join_rule", "closed")));
        Refused(Code.TokenRequired, await CreateAsync(("join_rule", "token")));
        Refused(Code.TokenRequired, await CreateAsync(("join_rule", "token"), ("token", "")));
        Ok(await CreateAsync(("join_rule", "token"), ("token", "t")));

        Task<Answer> CreateAsync(params (string, object?)[] fields) =>
            _client.AdminAsync("create_network", [("node_id", owner.Id), ("name", $"of-{owner.Id}"), .. fields]);
    }

    [Difference("tags outlive membership; expired invites block and count; inviter's demotion leaves its invites")]
    [Fact]
    public async Task Tags_go_with_the_member_and_invites_with_their_time_and_their_inviter()
    {
        var (owner, guest) = (await _client.RegisterAsync(), await _client.RegisterAsync());
        var open = await _client.CreateAsync(owner, ("enterprise", true));
        var member = await _client.JoinAsync(open);
        (string, object?)[] target = [("network_id", open), ("target_node_id", member.Id)];
        Ok(await _client.SignedAsync(owner, "set_member_tags", [.. target, ("tags", Tag)]));
        Ok(await LeaveAsync(open, member));
        Ok(await _client.SignedAsync(member, "join_network", ("node_id", member.Id), ("network_id", open)));
        Assert.Equal("[]", Ok(await _client.AdminAsync("get_member_tags", target)).Fields.GetProperty("tags").GetRawText());

        Ok(await _client.SignedAsync(owner, "promote_member", target));
        Ok(await _client.SignedAsync(owner, "set_join_rule", ("network_id", open), ("join_rule", "invite")));
        Ok(await InviteAsync(open, member, guest));
        Ok(await _client.SignedAsync(owner, "demote_member", target));
        Assert.Equal(0, await InboxAsync(guest));

        var net = await InvitingAsync(owner, guest);
        shared.Host.Time.Advance(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(2));
        Assert.Null(Ok(await InviteAsync(net, owner, guest)).Text("status"));
        Assert.Equal(1, await InboxAsync(guest));
        shared.Host.Time.Advance(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(2));
        Refused(Code.InviteNotFound, await RespondAsync(net, guest));
        Assert.Equal(0, await InboxAsync(guest));
    }

    [Difference("pre-assignments ignored on accepted invites and on a new external id, outlive the network")]
    [Fact]
    public async Task Pre_assignments_hold_for_invites_and_new_external_ids_and_go_with_the_network()
    {
        var (owner, guest, other) = (await _client.RegisterAsync(), await _client.RegisterAsync(), await _client.RegisterAsync());
        var net = await InvitingAsync(owner, guest, other);
        var externalId = $"guest-{guest.Id}@x";
        object[] roles = [new { external_id = externalId.ToUpperInvariant(), role = "admin" }];
        Ok(await _client.AdminAsync("set_rbac_preassignments", ("network_id", net), ("roles", roles)));
        Ok(await _client.AdminAsync("set_external_id", ("node_id", guest.Id), ("external_id", externalId)));
        Assert.Equal("admin", Ok(await RespondAsync(net, guest)).Text("role"));
        Assert.Equal("member", Ok(await RespondAsync(net, other)).Text("role"));
        Ok(await _client.AdminAsync("set_external_id", ("node_id", other.Id), ("external_id", externalId)));
        Assert.Equal("admin", await RoleAsync(net, other));
        Ok(await _client.SignedAsync(owner, "delete_network", ("network_id", net)));
        Refused(Code.NetworkNotFound, await _client.AdminAsync("get_rbac_preassignments", ("network_id", net)));
    }

    [Difference("enterprise off makes an invite network unjoinable for good")]
    [Fact]
    public async Task Enterprise_stays_on_while_the_rule_is_invite()
    {
        var owner = await _client.RegisterAsync();
        var net = await InvitingAsync(owner);
        (string, object?)[] off = [("network_id", net), ("enterprise", false)];
        Refused(Code.CannotDisable, await _client.AdminAsync("set_network_enterprise", off));
        Ok(await _client.SignedAsync(owner, "set_join_rule", ("network_id", net), ("join_rule", "open")));
        Ok(await _client.AdminAsync("set_network_enterprise", off));
        await _client.JoinAsync(net);
    }

    [Difference("ids exhausted for good after 65535 creations")]
    [Fact]
    public async Task Freed_network_ids_come_back_the_longest_free_first()
    {
        await using var host = await ReplicaHost.StartAsync(limits: new() { MaxNetworkId = 3 });
        var client = host.Client();
        var owner = await client.RegisterAsync();
        for (var id = 1; id <= 3; id++) Assert.Equal(id, await client.CreateAsync(owner));
        Refused(Code.IdSpaceExhausted, await client.AdminAsync("create_network", ("node_id", owner.Id), ("name", "too-many")));
        foreach (var id in new[] { 3, 1 }) Ok(await client.SignedAsync(owner, "delete_network", ("network_id", id)));
        Assert.Equal(3, await client.CreateAsync(owner));
        Assert.Equal(1, await client.CreateAsync(owner));
    }

    [Difference("a network admin token passes for owner-only commands")]
    [Fact]
    public async Task A_network_admin_token_counts_as_admin_unless_the_preset_says_otherwise()
    {
        var owner = await _client.RegisterAsync();
        var net = await _client.CreateAsync(owner, ("network_admin_token", "net"));
        var close = Fields("set_join_rule", ("network_id", net), ("join_rule", "token"), ("token", "t"), ("admin_token", "net"));
        Refused(Code.RoleRequired, await _client.SendAsync(close));
        Ok(await _client.SendAsync(Fields("rename_network", ("network_id", net), ("name", $"renamed-{net}"), ("admin_token", "net"))));
        Ok(await _stock.SendAsync(close));
    }

    [Difference("an unregistered node is told so before its signature is looked at")]
    [Fact]
    public async Task An_unregistered_node_hears_of_its_credential_first()
    {
        var net = await _client.CreateAsync(await _client.RegisterAsync());
        var stranger = new TestNode(new(4_000_000_000), TestNode.NewKey());
        (string, object?)[] join = [("node_id", stranger.Id), ("network_id", net)];
        Refused(Code.SignatureRequired, await _client.SendAsync(Fields("join_network", join)));
        Refused(Code.UnknownSigner, await _client.SignedAsync(stranger, "join_network", join));
        Refused(Code.AdminTokenInvalid, await _client.SendAsync(Fields("join_network", [.. join, ("admin_token", "wrong")])));
        Refused(Code.NodeNotFound, await _client.AdminAsync("join_network", join));
    }

    [Difference("join and accept answer little")]
    [Fact]
    public async Task Join_and_accept_tell_all_that_a_member_needs()
    {
        var (owner, guest) = (await _client.RegisterAsync(), await _client.RegisterAsync());
        var rules = System.Text.Json.JsonDocument.Parse(Rules).RootElement;
        var policy = new { version = 1, rules = Tag };
        var net = await _client.CreateAsync(owner, ("enterprise", true), ("rules", rules), ("expr_policy", policy));
        AssertTellsAll(Ok(await _client.SignedAsync(guest, "join_network", ("node_id", guest.Id), ("network_id", net))));
        Ok(await LeaveAsync(net, guest));
        Ok(await _client.SignedAsync(owner, "set_join_rule", ("network_id", net), ("join_rule", "invite")));
        Ok(await InviteAsync(net, owner, guest));
        AssertTellsAll(Ok(await RespondAsync(net, guest)));

        void AssertTellsAll(Answer answer)
        {
            Assert.Equal("member", answer.Text("role"));
            Assert.Equal(new NodeAddress(new((ushort)net), guest.Id).ToString(), answer.Text("address"));
            Assert.Equal(3, answer.Fields.GetProperty("rules").GetProperty("links").GetInt32());
            Assert.Equal("a", answer.Fields.GetProperty("expr_policy").GetProperty("rules")[0].GetString());
        }
    }

    /// <summary>An invite network with its invites sent.</summary>
    private async Task<int> InvitingAsync(TestNode owner, params TestNode[] guests)
    {
        var net = await _client.CreateAsync(owner, ("enterprise", true), ("join_rule", "invite"));
        foreach (var guest in guests) Ok(await InviteAsync(net, owner, guest));
        return net;
    }

    private Task<Answer> InviteAsync(int net, TestNode inviter, TestNode guest) => _client.SignedAsync(
        inviter, "invite_to_network", ("network_id", net), ("inviter_id", inviter.Id), ("target_node_id", guest.Id));

    private Task<Answer> RespondAsync(int net, TestNode guest) =>
        _client.SignedAsync(guest, "respond_invite", ("node_id", guest.Id), ("network_id", net), ("accept", true));

    private Task<Answer> LeaveAsync(int net, TestNode node) => _client.SignedAsync(node, "leave_network", ("node_id", node.Id), ("network_id", net));

    private async Task<string?> RoleAsync(int net, TestNode node) =>
        Ok(await _client.AdminAsync("get_member_role", ("network_id", net), ("target_node_id", node.Id))).Text("role");

    private async Task<int> InboxAsync(TestNode node) =>
        Ok(await _client.SignedAsync(node, "poll_invites", ("node_id", node.Id))).Fields.GetProperty("invites").GetArrayLength();
}
