using System.Text.Json;
using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Protocol.Signing;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

[Collection(SharedReplicaCollection.Name)]
public sealed class CommandTests(SharedReplica shared)
{
    private static readonly string[] Elsewhere =
        ["watch", "cluster_status", "cluster_add", "cluster_remove", "cluster_transfer", "snapshot_read"];

    private static readonly string[] Tags = ["web", "web", "eu"];
    private static readonly int[] Ports = [443];

    private readonly RegistryClient _client = shared.Host.Client();

    [Fact]
    public async Task Every_command_succeeds()
    {
        var (owner, member, guest) = (await _client.RegisterAsync(), await _client.RegisterAsync(), await _client.RegisterAsync());
        await NodesAsync(member);
        var net = await _client.CreateAsync(owner, ("join_rule", "token"), ("token", "open sesame"), ("enterprise", true));
        var joined = Ok(await _client.SignedAsync(member, "join_network", ("node_id", member.Id), ("network_id", net), ("token", "open sesame")));
        Assert.Equal("member", joined.Text("role"));
        Assert.Equal(new NodeAddress(new((ushort)net), member.Id).ToString(), joined.Text("address"));
        await MembersAsync(net, owner, member);
        await SettingsAsync(net, owner);
        await InvitesAsync(net, owner, guest);
        await QueriesAsync(net, member);
        Ok(await _client.SignedAsync(owner, "delete_network", ("network_id", net)));
        Assert.Equal(RequestParser.Types.Except(Elsewhere).Order(StringComparer.Ordinal), _client.Succeeded.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_method_takes_its_own_command_and_no_other()
    {
        var methods = typeof(RegistryHandlers).GetMethods().Where(method => method.Name.StartsWith("Handle", StringComparison.Ordinal) && method.Name != "HandleAsync");
        var seen = 0;
        foreach (var method in methods)
        {
            foreach (var type in RequestParser.Types)
            {
                var content = JsonSerializer.SerializeToUtf8Bytes(JsonDocument.Parse(CommandTable(type)));
                var answer = await (ValueTask<RegistryAnswer>)method.Invoke(_client.Handlers, [(ReadOnlyMemory<byte>)content, RequestSource.InProcess, CancellationToken.None])!;
                Assert.True(Answer.TryParse(answer.Content, out var parsed));
                var isOwn = method.Name == "Handle" + string.Concat(type.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
                Assert.Equal(isOwn, parsed.Code != Code.UnknownCommand);
                if (isOwn) seen++;
            }
        }

        Assert.Equal(RequestParser.Types.Count - Elsewhere.Length, seen);

        // With a token that is refused, so that nothing happens.
        static string CommandTable(string type) => Requests.CommandTable.Request(type, ("signature", null), ("admin_token", "\"wrong\""));
    }

    [Fact]
    public async Task A_snapshot_that_is_gone_will_not_come_back_and_the_answer_names_one_that_is_there()
    {
        await _client.RegisterAsync();
        var present = Ok(await _client.AdminAsync("snapshot_read", ("offset", 0), ("length", 1))).Number("index");
        var gone = await _client.AdminAsync("snapshot_read", ("index", 999_999_999), ("offset", 0), ("length", 1));
        Refused(Code.InvalidArgument, gone);
        Assert.Equal(("index", present), (gone.Text("field"), gone.Number("index")));
    }

    [Theory]
    [InlineData(Code.NetworkNotFound, """{"type":"get_audit","network_id":0,"node_id":1,"admin_token":"the-admin-token"}""")]
    [InlineData(Code.NodeNotFound, """{"type":"get_audit","node_id":0,"admin_token":"the-admin-token"}""")]
    public async Task No_record_is_of_the_backbone_or_of_nobody(Code code, string request) => Refused(code, await _client.SendAsync(request));

    [Fact]
    public async Task Who_has_deregistered_is_nobody_and_hears_so_at_once()
    {
        var node = await _client.RegisterAsync();
        await using var server = new RegistryServer(_client.Handlers, new() { EndPoint = Endpoint.TestServer.Loopback });
        await server.StartAsync();
        using var socket = await Endpoint.RawClient.ConnectAsync(server.EndPoint);
        var request = Sign(node, _client.Payload(node, "deregister_node", ("node_id", node.Id)));
        await socket.SendTogetherAsync(request, request);
        Assert.Equal("deregister_node_ok", (await socket.AnswerAsync()).Type);
        Refused(Code.UnknownSigner, await socket.AnswerAsync());
    }

    [Theory]
    [InlineData(Code.LastVoter, """{"type":"cluster_remove","replica":"r1","admin_token":"the-admin-token"}""")]
    [InlineData(Code.ReplicaNotFound, """{"type":"cluster_remove","replica":"r9","admin_token":"the-admin-token"}""")]
    [InlineData(Code.ReplicaNotFound, """{"type":"cluster_transfer","replica":"r9","admin_token":"the-admin-token"}""")]
    [InlineData(Code.ReplicaNotReady, """{"type":"cluster_transfer","admin_token":"the-admin-token"}""")]
    [InlineData(Code.ReplicaInUse, """{"type":"cluster_add","replica":"r1","raft_address":"127.0.0.1:1","peer_address":"127.0.0.1:2","admin_token":"the-admin-token"}""")]
    [InlineData(Code.InvalidArgument, """{"type":"cluster_add","replica":"R9","raft_address":"127.0.0.1:1","peer_address":"127.0.0.1:2","admin_token":"the-admin-token"}""")]
    [InlineData(Code.InvalidArgument, """{"type":"cluster_add","replica":"r9","raft_address":"127.0.0.1","peer_address":"127.0.0.1:2","admin_token":"the-admin-token"}""")]
    [InlineData(Code.InvalidArgument, """{"type":"cluster_add","replica":"r9","raft_address":"127.0.0.1:1","peer_address":"a b:2","admin_token":"the-admin-token"}""")]
    public async Task A_change_of_the_cluster_is_refused_by_a_code_that_says_why(Code code, string request) =>
        Refused(code, await _client.SendAsync(request));

    [Fact]
    public async Task An_operator_sees_the_replicas()
    {
        var answer = Ok(await _client.SendAsync("""{"type":"cluster_status","admin_token":"the-admin-token"}"""));
        var replica = Assert.Single(answer.Fields.GetProperty("replicas").EnumerateArray());
        Assert.Equal(("r1", "leader", 0), (replica.GetProperty("replica").GetString(), replica.GetProperty("role").GetString(), replica.GetProperty("health").GetArrayLength()));
        Assert.Equal(32, replica.GetProperty("digest").GetString()!.Length);
        Refused(Code.AdminRequired, await _client.SendAsync("""{"type":"cluster_status"}"""));
    }

    [Fact]
    public async Task Operators_are_admins()
    {
        var node = await _client.RegisterAsync();
        Refused(Code.AdminRequired, await _client.SendAsync("""{"type":"cluster_remove","replica":"r1"}"""));
        Refused(Code.AdminRequired, await _client.SignedAsync(node, "cluster_remove", ("replica", "r1")));
        Refused(Code.AdminTokenInvalid, await _client.SendAsync("""{"type":"cluster_remove","replica":"r1","admin_token":"x"}"""));
    }

    [Fact]
    public async Task The_endpoint_hears_what_its_limits_are_about()
    {
        var node = await _client.RegisterAsync();
        Assert.Equal((false, true), Told(_client.Last));
        await _client.SignedAsync(node, "get_node", ("node_id", node.Id));
        Assert.Equal((false, true), Told(_client.Last));
        await _client.SignedAsync(node, "set_task_exec", ("node_id", node.Id), ("enabled", true));
        Assert.Equal((false, true), Told(_client.Last));
        await _client.SendAsync("""{"type":"list_networks"}""");
        Assert.Equal((false, false), Told(_client.Last));
        await _client.SendAsync("""{"type":"list_networks","admin_token":"wrong"}""");
        Assert.Equal((false, false), Told(_client.Last));
        var forged = Sign(new(node.Id, TestNode.NewKey()), _client.Payload(node, "set_task_exec", ("node_id", node.Id), ("enabled", true)));
        await _client.SendAsync(forged);
        Assert.Equal((false, false), Told(_client.Last));

        static (bool, bool) Told(RegistryAnswer answer) => (answer.CloseAfter, answer.HasShownCredential);
    }

    private async Task NodesAsync(TestNode node)
    {
        Ok(await _client.AdminAsync("set_external_id", ("node_id", node.Id), ("external_id", "alice")));
        Assert.True(Ok(await _client.SignedAsync(node, "set_task_exec", ("node_id", node.Id), ("enabled", true))).Flag("task_exec"));
        var other = await _client.RegisterAsync();
        using var next = TestNode.NewKey();
        var proof = next.SignText(SignedText.RotateNodeKey(ReplicaHost.ClusterId, other.Id, next.PublicKey.ToString()));
        var rotated = await _client.SignedAsync(
            other, "rotate_node_key", ("node_id", other.Id), ("public_key", next.PublicKey.ToString()), ("new_key_proof", proof));
        Assert.Equal(2UL, Ok(rotated).Number("key_version"));
        var gone = Ok(await _client.SignedAsync(other with { Key = next }, "deregister_node", ("node_id", other.Id)));
        Assert.True(gone.Flag("existing"));
    }

    private async Task MembersAsync(int net, TestNode owner, TestNode member)
    {
        (string, object?)[] target = [("network_id", net), ("target_node_id", member.Id)];
        Assert.Equal("admin", Ok(await _client.SignedAsync(owner, "promote_member", target)).Text("role"));
        Assert.Equal("member", Ok(await _client.SignedAsync(owner, "demote_member", target)).Text("role"));
        Ok(await _client.SignedAsync(owner, "set_member_tags", [.. target, ("tags", Tags)]));
        Ok(await _client.SignedAsync(owner, "transfer_ownership", ("network_id", net), ("new_owner_id", member.Id)));
        Ok(await _client.SignedAsync(member, "transfer_ownership", ("network_id", net), ("new_owner_id", owner.Id)));
        Ok(await _client.SignedAsync(owner, "kick_member", target));
        Ok(await _client.SignedAsync(member, "join_network", ("node_id", member.Id), ("network_id", net), ("token", "open sesame")));
        Ok(await _client.SignedAsync(member, "leave_network", ("node_id", member.Id), ("network_id", net)));
        Ok(await _client.AdminAsync("join_network", ("node_id", member.Id), ("network_id", net), ("token", "open sesame")));
    }

    private async Task SettingsAsync(int net, TestNode owner)
    {
        Ok(await _client.SignedAsync(owner, "rename_network", ("network_id", net), ("name", $"renamed-{net}")));
        Ok(await _client.AdminAsync("set_network_enterprise", ("network_id", net), ("enterprise", true)));
        Ok(await _client.SignedAsync(owner, "set_network_admin_token", ("network_id", net), ("network_admin_token", "net secret")));
        var policy = Ok(await _client.SignedAsync(owner, "set_network_policy", ("network_id", net), ("allowed_ports", Ports)));
        Assert.Equal("[443]", policy.Fields.GetProperty("allowed_ports").GetRawText());
        Assert.Equal(0UL, policy.Number("max_members"));
        Ok(await _client.SignedAsync(owner, "set_expr_policy", ("network_id", net), ("expr_policy", new { version = 1, rules = Ports })));
        var roles = new[] { new { external_id = "bob", role = "admin" } };
        Assert.Equal(1UL, Ok(await _client.AdminAsync("set_rbac_preassignments", ("network_id", net), ("roles", roles))).Number("count"));
    }

    private async Task InvitesAsync(int net, TestNode owner, TestNode guest)
    {
        (string, object?)[] invite = [("network_id", net), ("inviter_id", owner.Id), ("target_node_id", guest.Id)];
        Ok(await _client.SignedAsync(owner, "set_join_rule", ("network_id", net), ("join_rule", "invite")));
        Ok(await _client.SignedAsync(owner, "invite_to_network", invite));
        Assert.Equal("already_invited", Ok(await _client.SignedAsync(owner, "invite_to_network", invite)).Text("status"));
        Assert.Equal(1, Ok(await _client.SignedAsync(guest, "poll_invites", ("node_id", guest.Id))).Fields.GetProperty("invites").GetArrayLength());
        Assert.Equal(1, Ok(await _client.SignedAsync(owner, "list_invites", ("network_id", net))).Fields.GetProperty("invites").GetArrayLength());
        Ok(await _client.SignedAsync(owner, "revoke_invite", ("network_id", net), ("target_node_id", guest.Id)));
        Ok(await _client.SignedAsync(owner, "invite_to_network", invite));
        var accepted = Ok(await _client.SignedAsync(guest, "respond_invite", ("node_id", guest.Id), ("network_id", net), ("accept", true)));
        Assert.True(accepted.Flag("accepted"));
        Assert.Equal("""{"version":1,"rules":[443]}""", accepted.Fields.GetProperty("expr_policy").GetRawText());
    }

    private async Task QueriesAsync(int net, TestNode member)
    {
        (string, object?) network = ("network_id", net);
        Assert.Contains(
            Ok(await _client.SignedAsync(member, "list_networks")).Fields.GetProperty("networks").EnumerateArray(),
            listed => listed.GetProperty("id").GetInt32() == net);
        Assert.Equal($"renamed-{net}", Ok(await _client.SignedAsync(member, "get_network", network)).Text("name"));
        Assert.Equal(3, Ok(await _client.SignedAsync(member, "list_nodes", network)).Fields.GetProperty("nodes").GetArrayLength());
        Assert.Equal("member", Ok(await _client.SignedAsync(member, "get_member_role", network, ("target_node_id", member.Id))).Text("role"));
        Ok(await _client.SignedAsync(member, "get_member_tags", network));
        Ok(await _client.SignedAsync(member, "get_network_policy", network));
        Ok(await _client.SignedAsync(member, "get_expr_policy", network));
        Assert.Equal("alice", Ok(await _client.SignedAsync(member, "get_node", ("node_id", member.Id))).Text("external_id"));
        Ok(await _client.AdminAsync("get_rbac_preassignments", network));
        Ok(await _client.AdminAsync("get_audit", network));
        Assert.Equal(ReplicaHost.ClusterId, Ok(await _client.SendAsync("""{"type":"status"}""")).Text("cluster"));
    }
}
