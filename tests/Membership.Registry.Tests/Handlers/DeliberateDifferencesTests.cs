using System.Text.Json;
using Membership.Protocol.Answers;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

/// <summary>The rows of the command specification, section 9, that are about the wire and about who asks, one test a row.</summary>
[Collection(SharedReplicaCollection.Name)]
public sealed class DeliberateDifferencesTests(SharedReplica shared)
{
    private static readonly string[] RepeatedTags = ["b", "a", "b"];

    private readonly RegistryClient _client = shared.Host.Client();
    private readonly RegistryClient _stock = shared.Host.Client(RegistryOptions.PilotCompatible());

    [Difference("role gate trusts an unsigned node_id")]
    [Fact]
    public async Task Role_gate_wants_a_signature_or_token_always()
    {
        var (net, owner, member) = await NetworkAsync();
        (string, object?)[] rename = [("network_id", net), ("name", $"taken-over-{net}"), ("node_id", owner.Id)];
        foreach (var client in new[] { _client, _stock })
        {
            Refused(Code.SignatureRequired, await client.SendAsync(Fields("rename_network", rename)));
            Refused(Code.RoleRequired, await client.SignedAsync(member, "rename_network", rename));
        }

        Refused(Code.NotAuthorized, await _client.SignedAsync(owner, "rename_network", [.. rename[..2], ("node_id", member.Id)]));
        Ok(await _client.AdminAsync("rename_network", [.. rename[..2], ("node_id", member.Id)]));
        Ok(await _client.SignedAsync(owner, "rename_network", rename));
    }

    [Fact]
    public async Task Role_gate_tells_a_stranger_of_no_network_that_it_may_not_see()
    {
        var stranger = await _client.RegisterAsync();
        var (hidden, owner, _) = await NetworkAsync();
        var open = await _client.CreateAsync(owner);
        Refused(Code.NetworkNotFound, await RenameAsync(_client, hidden));
        Refused(Code.NotAMember, await RenameAsync(_client, open));
        Refused(Code.NotAMember, await RenameAsync(_stock, hidden));
        Refused(Code.NetworkNotFound, await RenameAsync(_client, 65_000));

        Task<Answer> RenameAsync(RegistryClient client, int net) => client.SignedAsync(stranger, "rename_network", ("network_id", net), ("name", "x"));
    }

    [Difference("network 0 in promote, demote, transfer, tags, invite, respond is not found or works")]
    [Fact]
    public async Task Network_0_is_backbone_in_every_mutation()
    {
        var owner = await _client.RegisterAsync();
        foreach (var type in Membership.Protocol.Requests.RequestParser.Types)
        {
            var fields = Requests.CommandTable.Commands[type];
            if (!fields.Any(field => field.Kind == "network")) continue;
            var answer = await _client.SendAsync(Requests.CommandTable.Request(type, ("network_id", "0")));
            Refused(Code.Backbone, answer);
        }

        Refused(Code.Backbone, await _client.SignedAsync(owner, "join_network", ("node_id", owner.Id), ("network_id", 0)));
    }

    [Difference("respond_invite tells strangers whether a network exists; admin may poll but not for nodes with keys")]
    [Fact]
    public async Task Respond_invite_is_credentials_first_and_nobody_consents_for_a_node()
    {
        var (net, owner, _) = await NetworkAsync(("join_rule", "invite"));
        var guest = await _client.RegisterAsync();
        Ok(await _client.SignedAsync(owner, "invite_to_network", ("network_id", net), ("inviter_id", owner.Id), ("target_node_id", guest.Id)));
        (string, object?)[] response = [("node_id", guest.Id), ("network_id", net), ("accept", true)];
        Refused(Code.SignatureRequired, await _client.SendAsync(Fields("respond_invite", response)));
        Refused(Code.NotAuthorized, await _client.AdminAsync("respond_invite", response));
        Refused(Code.NotAuthorized, await _client.SignedAsync(owner, "respond_invite", response));
        Ok(await _client.AdminAsync("poll_invites", ("node_id", guest.Id)));
        Refused(Code.NotAuthorized, await _client.SignedAsync(owner, "poll_invites", ("node_id", guest.Id)));
        var accepted = Ok(await _client.SignedAsync(guest, "respond_invite", response));
        Assert.Equal("member", accepted.Text("role"));
        Assert.NotNull(accepted.Text("address"));
    }

    [Difference("a network token alone cannot invite; with a signature it skips the membership check")]
    [Fact]
    public async Task A_network_token_alone_suffices_to_invite()
    {
        var (net, owner, _) = await NetworkAsync(("join_rule", "invite"), ("network_admin_token", "net"));
        var (guest, stranger) = (await _client.RegisterAsync(), await _client.RegisterAsync());
        (string, object?)[] invite = [("network_id", net), ("inviter_id", owner.Id), ("target_node_id", guest.Id)];
        Ok(await _client.SendAsync(Fields("invite_to_network", [.. invite, ("admin_token", "net")])));

        // One actor a request: beside a signature a token is refused, so none lends the other what it lacks.
        var answer = await _client.SignedAsync(stranger, "invite_to_network", [.. invite, ("admin_token", "net")]);
        Refused(Code.InvalidArgument, answer);
        Assert.Equal("admin_token", answer.Field);
        Refused(Code.NotAMember, await _stock.SignedAsync(stranger, "invite_to_network", [invite[0], ("inviter_id", stranger.Id), invite[2]]));
    }

    [Difference("wrong types become 0 or false; fractions are cut; a missing accept rejects, enterprise wipes, tags clear")]
    [Theory]
    [InlineData("network_id", """{"type":"rename_network","network_id":5.0,"name":"x"}""")]
    [InlineData("network_id", """{"type":"rename_network","network_id":"5","name":"x"}""")]
    [InlineData("network_id", """{"type":"rename_network","Network_Id":5,"name":"x"}""")]
    [InlineData("accept", """{"type":"respond_invite","node_id":5,"network_id":5}""")]
    [InlineData("enterprise", """{"type":"set_network_enterprise","network_id":5}""")]
    [InlineData("tags", """{"type":"set_member_tags","network_id":5,"target_node_id":5}""")]
    [InlineData("node_id", """{"type":"leave_network","network_id":5,"node_id":0}""")]
    public async Task Wrong_and_missing_fields_are_invalid_arguments(string field, string request)
    {
        var answer = await _client.SendAsync(request);
        Refused(Code.InvalidArgument, answer);
        Assert.Equal(field, answer.Field);
    }

    [Difference("tags keep duplicates, cleared tags are null; rules: [] passes in set_expr_policy; keys match without case")]
    [Fact]
    public async Task Tags_are_distinct_and_cleared_to_an_empty_list()
    {
        var (net, owner, member) = await NetworkAsync();
        (string, object?)[] target = [("network_id", net), ("target_node_id", member.Id)];
        var set = Ok(await _client.SignedAsync(owner, "set_member_tags", [.. target, ("tags", RepeatedTags)]));
        Assert.Equal("""["b","a"]""", set.Fields.GetProperty("tags").GetRawText());
        var cleared = Ok(await _client.SignedAsync(owner, "set_member_tags", [.. target, ("tags", Array.Empty<string>())]));
        Assert.Equal("[]", cleared.Fields.GetProperty("tags").GetRawText());
        var misspelt = new { Links = 1, cycle = "1h" };
        (string, object?)[] managed = [("node_id", owner.Id), ("name", $"managed-{net}"), ("rules", misspelt)];
        Refused(Code.RulesInvalid, await _client.AdminAsync("create_network", managed));
        var empty = new { version = 1, rules = Array.Empty<string>() };
        Refused(Code.ExprPolicyInvalid, await _client.SignedAsync(owner, "set_expr_policy", ("network_id", net), ("expr_policy", empty)));
    }

    [Difference("a member joining a full network again hears full")]
    [Fact]
    public async Task A_member_that_joins_a_full_network_again_hears_that_it_is_one()
    {
        var (net, owner, member) = await NetworkAsync();
        Ok(await _client.SignedAsync(owner, "set_network_policy", ("network_id", net), ("max_members", 2)));
        (string, object?)[] join = [("network_id", net), ("token", "t")];
        Refused(Code.AlreadyMember, await _client.SignedAsync(member, "join_network", [("node_id", member.Id), .. join]));
        var late = await _client.RegisterAsync();
        Refused(Code.NetworkFull, await _client.SignedAsync(late, "join_network", [("node_id", late.Id), .. join]));
    }

    [Difference("an admin may kick an admin (older), or is guarded by a claimed id (newer)")]
    [Fact]
    public async Task An_admin_may_not_kick_an_admin_by_the_proven_actor()
    {
        var (net, owner, first) = await NetworkAsync(("network_admin_token", "net"));
        var second = await _client.RegisterAsync();
        Ok(await _client.SignedAsync(second, "join_network", ("node_id", second.Id), ("network_id", net), ("token", "t")));
        foreach (var node in new[] { first, second })
            Ok(await _client.SignedAsync(owner, "promote_member", ("network_id", net), ("target_node_id", node.Id)));
        (string, object?)[] kick = [("network_id", net), ("target_node_id", second.Id)];
        Refused(Code.CannotKickAdmin, await _client.SignedAsync(first, "kick_member", kick));
        Refused(Code.NotAuthorized, await _client.SignedAsync(first, "kick_member", [.. kick, ("node_id", owner.Id)]));
        Refused(Code.CannotKickAdmin, await _client.SendAsync(Fields("kick_member", [.. kick, ("node_id", owner.Id), ("admin_token", "net")])));
        Ok(await _client.SignedAsync(owner, "kick_member", kick));
    }

    [Difference("a deregistered node's key gets its old id again")]
    [Fact]
    public async Task A_deregistered_nodes_key_gets_a_new_id()
    {
        var node = await _client.RegisterAsync();
        Ok(await _client.SignedAsync(node, "deregister_node", ("node_id", node.Id)));
        var again = Ok(await _client.AdminAsync("register_node", ("public_key", node.PublicKey)));
        Assert.False(again.Flag("existing"));
        Assert.True(again.Number("node_id") > node.Id.Value);
    }

    [Difference("a node without a key exists")]
    [Fact]
    public async Task A_node_without_a_key_cannot_exist()
    {
        var answer = await _client.AdminAsync("register_node");
        Refused(Code.InvalidArgument, answer);
        Assert.Equal("public_key", answer.Field);
        Refused(Code.KeyInvalid, await _client.AdminAsync("register_node", ("public_key", "")));
    }

    [Difference("list order random; text of errors hides the reason")]
    [Difference("policy hidden once enterprise is off, still enforced")]
    [Fact]
    public async Task Lists_are_ordered_and_policies_are_shown_without_the_enterprise_flag()
    {
        var (net, owner, member) = await NetworkAsync();
        Ok(await _client.SignedAsync(owner, "set_network_policy", ("network_id", net), ("max_members", 7)));
        Ok(await _client.AdminAsync("set_network_enterprise", ("network_id", net), ("enterprise", false)));
        Assert.Equal(7UL, Ok(await _client.SignedAsync(member, "get_network_policy", ("network_id", net))).Number("max_members"));
        for (var i = 0; i < 5; i++) await _client.JoinAsync(net, "t");
        var late = await _client.RegisterAsync();
        var full = await _client.SignedAsync(late, "join_network", ("node_id", late.Id), ("network_id", net), ("token", "t"));
        Refused(Code.NetworkFull, full);
        Assert.Contains("cannot", full.Error, StringComparison.Ordinal);
        var ids = Ok(await _client.AdminAsync("list_networks")).Fields.GetProperty("networks").EnumerateArray().Select(n => n.GetProperty("id").GetInt32()).ToArray();
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(0, ids[0]);
        var nodes = Ok(await _client.SignedAsync(member, "list_nodes", ("network_id", net))).Fields.GetProperty("nodes");
        Assert.Equal([owner.Id.Value, member.Id.Value], nodes.EnumerateArray().Take(2).Select(n => n.GetProperty("node_id").GetUInt32()));
        Assert.DoesNotContain("token", JsonSerializer.Serialize(nodes), StringComparison.Ordinal);
    }

    private async Task<(int Net, TestNode Owner, TestNode Member)> NetworkAsync(params (string Name, object? Value)[] fields)
    {
        var (owner, member) = (await _client.RegisterAsync(), await _client.RegisterAsync());
        var isInvite = fields.Contains(("join_rule", "invite"));
        var net = await _client.CreateAsync(owner, [("enterprise", true), ("join_rule", isInvite ? "invite" : "token"), ("token", "t"), .. fields.Where(f => f.Name != "join_rule")]);
        if (!isInvite) Ok(await _client.SignedAsync(member, "join_network", ("node_id", member.Id), ("network_id", net), ("token", "t")));
        return (net, owner, member);
    }
}
