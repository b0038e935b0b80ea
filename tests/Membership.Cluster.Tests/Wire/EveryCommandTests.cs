using System.Text.Json;
using Membership.Protocol.Requests;
using Membership.Protocol.Signing;
using Xunit;
using Xunit.Abstractions;
using static Membership.Cluster.Tests.Wire.WireClient;

namespace Membership.Cluster.Tests.Wire;

/// <summary>
/// Every mutation and every query of the command specification, sections 3 and 6, over the wire of the leader and of a follower, each
/// answer field by field.
/// </summary>
public sealed class EveryCommandTests(ITestOutputHelper output)
{
    private const string Rules = """{"links":3,"cycle":"24h","prune":1,"fill":2,"prune_by":"age","fill_how":"random"}""";
    private const string Policy = """{ "version":1, "rules":[ 7 ] }""";

    // Tested where they are made: events, voters and leadership are the whole cluster's.
    private static readonly string[] Elsewhere = ["watch", "cluster_status", "cluster_add", "cluster_remove", "cluster_transfer"];

    private static readonly string[] TagsAB = ["a", "b"];
    private static readonly int[] Ports = [22, 443];

    private readonly HashSet<string> _answered = [];
    private WireClient _client = null!;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_is_answered_as_the_specification_says(bool byLeader)
    {
        await using var group = await ServedGroup.StartAsync(output);
        var replica = byLeader ? await group.Replicas.LeaderAsync() : await group.Replicas.FollowerAsync();
        using (_client = await group.ConnectAsync(replica))
        {
            var (alice, bob, carol) = (await NodesAsync(), await _client.RegisterAsync(), await _client.RegisterAsync());
            await NodeQueriesAsync(alice);
            var net = await NetworkAsync(alice);
            await MembersAsync(net, alice, bob, carol);
            await NetworkQueriesAsync(net, alice);
            await InvitesAsync(alice, bob, carol);
            await OperatorQueriesAsync(group.Replicas.ClusterId, replica.Status.ReplicaId, replica.Status.Leader!);
            await EndsAsync(net, alice, carol);
        }

        Assert.Equal(RequestParser.Types.Except(Elsewhere).Order(), _answered.Order());
        await group.Replicas.AgreeAsync((await group.Replicas.LeaderAsync()).Status.Revision);
    }

    private async Task<WireNode> NodesAsync()
    {
        var node = new WireNode(0, WireNode.NewKey());
        await SignedAsync(node, "register_node", """ "node_id":1,"existing":false """, ("public_key", node.PublicKey));
        await AdminAsync("register_node", """ "node_id":1,"existing":true """, ("public_key", node.PublicKey));
        node = node with { Id = 1 };
        await AdminAsync("set_external_id", """ "node_id":1,"external_id":"Alice@x" """, ("node_id", 1), ("external_id", "Alice@x"));
        await SignedAsync(node, "set_task_exec", """ "node_id":1,"task_exec":true """, ("node_id", 1), ("enabled", true));
        var next = new WireNode(1, WireNode.NewKey());
        var proof = next.Key.SignText(SignedText.RotateNodeKey("alpha", new(1), next.PublicKey));
        await SignedAsync(
            node, "rotate_node_key", """ "node_id":1,"key_version":2 """, ("node_id", 1), ("public_key", next.PublicKey), ("new_key_proof", proof));
        return next;
    }

    private async Task NodeQueriesAsync(WireNode alice)
    {
        var seen = $""" "node_id":1,"public_key":"{alice.PublicKey}","key_version":2,"task_exec":true,"registered_at":"*","networks":[] """;
        await AskAsync("get_node", seen, Request("get_node", ("node_id", 1)).ToJsonString());
        await SignedAsync(alice, "get_node", $"""{seen},"external_id":"Alice@x" """, ("node_id", 1));
        await SignedAsync(alice, "poll_invites", """ "invites":[] """, ("node_id", 1));
        await AdminAsync(
            "list_nodes",
            """ "network_id":0,"nodes":[{"node_id":1,"address":"0:0000.0000.0001","task_exec":true,"joined_at":"*"}],"next":1 """,
            ("network_id", 0), ("limit", 1));
    }

    private async Task<int> NetworkAsync(WireNode alice)
    {
        await AdminAsync("create_network", """ "network_id":1,"name":"plain","enterprise":false """, ("node_id", alice.Id), ("name", "plain"));
        await AdminAsync(
            "create_network", """ "network_id":2,"name":"garden","enterprise":true,"managed":true """,
            ("node_id", alice.Id), ("name", "garden"), ("join_rule", "token"), ("token", "t"), ("network_admin_token", "net"), ("enterprise", true),
            ("rules", JsonDocument.Parse(Rules).RootElement), ("expr_policy", JsonDocument.Parse(Policy).RootElement));
        await SignedAsync(alice, "rename_network", """ "network_id":2,"name":"park" """, ("network_id", 2), ("name", "park"));
        await AdminAsync("set_network_enterprise", """ "network_id":1,"enterprise":true """, ("network_id", 1), ("enterprise", true));
        await SignedAsync(alice, "set_join_rule", """ "network_id":2,"join_rule":"token" """, ("network_id", 2), ("join_rule", "token"), ("token", "u"));
        await SignedAsync(alice, "set_network_admin_token", """ "network_id":2 """, ("network_id", 2), ("network_admin_token", "park"));
        await SignedAsync(
            alice, "set_network_policy", """ "network_id":2,"max_members":0,"allowed_ports":[22,443],"description":"" """,
            ("network_id", 2), ("allowed_ports", Ports));
        await SignedAsync(
            alice, "set_network_policy", """ "network_id":2,"max_members":9,"allowed_ports":[22,443],"description":"d" """,
            ("network_id", 2), ("max_members", 9), ("description", "d"));
        await SignedAsync(alice, "set_expr_policy", """ "network_id":1 """, ("network_id", 1), ("expr_policy", JsonDocument.Parse(Policy).RootElement));
        await SignedAsync(alice, "set_expr_policy", """ "network_id":1,"cleared":true """, ("network_id", 1), ("expr_policy", ""));
        object[] roles = [new { external_id = "bob@x", role = "admin" }];
        await AdminAsync("set_rbac_preassignments", """ "network_id":2,"count":1 """, ("network_id", 2), ("roles", roles));
        return 2;
    }

    private async Task MembersAsync(int net, WireNode alice, WireNode bob, WireNode carol)
    {
        await AdminAsync("set_external_id", $""" "node_id":{bob.Id},"external_id":"BOB@x" """, ("node_id", bob.Id), ("external_id", "BOB@x"));
        var documents = $""" "rules":{Rules},"expr_policy":{Policy} """;
        await SignedAsync(
            bob, "join_network", $""" "network_id":{net},"address":"2:0002.0000.0002","role":"admin",{documents} """,
            ("node_id", bob.Id), ("network_id", net), ("token", "u"));
        await SignedAsync(
            carol, "join_network", $""" "network_id":{net},"address":"2:0002.0000.0003","role":"member",{documents} """,
            ("node_id", carol.Id), ("network_id", net), ("token", "u"));
        (string, object?)[] target = [("network_id", net), ("target_node_id", carol.Id)];
        var about = $""" "network_id":{net},"target_node_id":{carol.Id} """;
        await SignedAsync(alice, "promote_member", $"""{about},"role":"admin" """, target);
        await SignedAsync(alice, "demote_member", $"""{about},"role":"member" """, target);
        await SignedAsync(bob, "set_member_tags", $"""{about},"tags":["a","b"] """, [.. target, ("tags", TagsAB)]);
        await MemberQueriesAsync(net, about, target);
        await SignedAsync(bob, "kick_member", about, target);
        await SignedAsync(
            carol, "join_network", $""" "network_id":{net},"address":"2:0002.0000.0003","role":"member",{documents} """,
            ("node_id", carol.Id), ("network_id", net), ("token", "u"));
        await SignedAsync(
            alice, "transfer_ownership", $""" "network_id":{net},"old_owner":{alice.Id},"new_owner":{bob.Id} """, ("network_id", net), ("new_owner_id", bob.Id));
        await SignedAsync(
            bob, "transfer_ownership", $""" "network_id":{net},"old_owner":{bob.Id},"new_owner":{alice.Id} """, ("network_id", net), ("new_owner_id", alice.Id));
        await SignedAsync(bob, "leave_network", $""" "network_id":{net} """, ("node_id", bob.Id), ("network_id", net));
    }

    private async Task MemberQueriesAsync(int net, string about, (string, object?)[] target)
    {
        await AdminAsync("get_member_role", $"""{about},"role":"member" """, target);
        await AdminAsync("get_member_tags", $"""{about},"tags":["a","b"] """, target);
        await AdminAsync("get_member_tags", $$""" "network_id":{{net}},"members":{"1":[],"2":[],"3":["a","b"]} """, ("network_id", net));
        static string Member(int node, string role, string tags) =>
            $$"""{"node_id":{{node}},"address":"2:0002.0000.000{{node}}","role":"{{role}}","member_tags":{{tags}},"task_exec":{{(node == 1 ? "true" : "false")}},"joined_at":"*"}""";
        await AdminAsync(
            "list_nodes",
            $""" "network_id":{net},"nodes":[{Member(1, "owner", "[]")},{Member(2, "admin", "[]")},{Member(3, "member", """["a","b"]""")}] """,
            ("network_id", net));
    }

    private async Task NetworkQueriesAsync(int net, WireNode alice)
    {
        const string Backbone = """{"id":0,"name":"backbone","join_rule":"open","enterprise":false,"created":"*"}""";
        const string Plain = """{"id":1,"name":"plain","join_rule":"open","enterprise":true,"created":"*"}""";
        const string Park = $$""" "id":2,"name":"park","join_rule":"token","enterprise":true,"created":"*", """
            + $$""" "max_members":9,"description":"d","managed":true,"rules":{{Rules}},"has_expr_policy":true """;
        await AskAsync("list_networks", $""" "networks":[{Backbone},{Plain}] """, """{"type":"list_networks"}""");
        await SignedAsync(alice, "list_networks", $$""" "networks":[{{Backbone}},{{Plain}},{{{Park}}}] """);
        await SignedAsync(alice, "get_network", $""" "network_id":{net},{Park} """, ("network_id", net));
        await AdminAsync("get_network", $""" "network_id":{net},{Park},"members":2 """, ("network_id", net));
        await SignedAsync(
            alice, "get_network_policy", $""" "network_id":{net},"max_members":9,"allowed_ports":[22,443],"description":"d" """, ("network_id", net));
        await SignedAsync(alice, "get_network_policy", """ "network_id":1,"max_members":0,"allowed_ports":[],"description":"" """, ("network_id", 1));
        await SignedAsync(alice, "get_expr_policy", $""" "network_id":{net},"expr_policy":{Policy} """, ("network_id", net));
        await SignedAsync(alice, "get_expr_policy", """ "network_id":1 """, ("network_id", 1));
        await AdminAsync("get_rbac_preassignments", $$""" "network_id":{{net}},"roles":[{"external_id":"bob@x","role":"admin"}] """, ("network_id", net));
    }

    private async Task InvitesAsync(WireNode alice, WireNode bob, WireNode carol)
    {
        await SignedAsync(alice, "set_join_rule", """ "network_id":1,"join_rule":"invite" """, ("network_id", 1), ("join_rule", "invite"));
        foreach (var guest in new[] { bob, carol })
        {
            var about = $""" "network_id":1,"target_node_id":{guest.Id} """;
            (string, object?)[] invite = [("network_id", 1), ("inviter_id", alice.Id), ("target_node_id", guest.Id)];
            await SignedAsync(alice, "invite_to_network", about, invite);
            await SignedAsync(alice, "invite_to_network", $"""{about},"status":"already_invited" """, invite);
            await SignedAsync(guest, "poll_invites", """ "invites":[{"network_id":1,"inviter_id":1,"timestamp":"*"}] """, ("node_id", guest.Id));
            await SignedAsync(
                alice, "list_invites", $$""" "network_id":1,"invites":[{"target_node_id":{{guest.Id}},"inviter_id":1,"timestamp":"*"}] """, ("network_id", 1));
            await SignedAsync(alice, "revoke_invite", about, ("network_id", 1), ("target_node_id", guest.Id));
            await SignedAsync(alice, "invite_to_network", about, invite);
            var accepts = guest == bob;
            await SignedAsync(
                guest, "respond_invite",
                accepts ? """ "network_id":1,"accepted":true,"address":"1:0001.0000.0002","role":"member" """ : """ "network_id":1,"accepted":false """,
                ("node_id", guest.Id), ("network_id", 1), ("accept", accepts));
        }
    }

    private async Task OperatorQueriesAsync(string cluster, string replica, string leader)
    {
        const string Record = """{"number":"*","revision":"*","time":"*","actor":"*","actor_role":"*","action":"node.key_rotated","""
            + """ "request_id":"*","attributes":{"node_id":1,"key_version":2},"previous_hash":"*","hash":"*"}""";
        await AdminAsync("get_audit", $""" "records":[{Record}],"oldest":1 """, ("action", "node.key_rotated"));
        await AskAsync(
            "status",
            $""" "cluster":"{cluster}","replica":"{replica}","leader":"{leader}","term":"*","commit":"*","applied":"*","digest":"*","version":1,"lag":"*","lag_ms":0 """,
            """{"type":"status"}""");
        await AdminAsync(
            "snapshot_read", """ "index":"*","size":"*","sha256":"*","offset":0,"data":"*","more":true """, ("offset", 0), ("length", 8));
    }

    private async Task EndsAsync(int net, WireNode alice, WireNode carol)
    {
        await SignedAsync(alice, "delete_network", $""" "network_id":{net} """, ("network_id", net));
        await SignedAsync(carol, "deregister_node", $""" "node_id":{carol.Id},"existing":true """, ("node_id", carol.Id));
        await AdminAsync("deregister_node", $""" "node_id":{carol.Id},"existing":false """, ("node_id", carol.Id));
    }

    private Task AdminAsync(string type, string fields, params (string Name, object? Value)[] request) => AskAsync(type, fields, Admin(type, request));

    private Task SignedAsync(WireNode node, string type, string fields, params (string Name, object? Value)[] request) =>
        AskAsync(type, fields, _client.Signed(node, type, request));

    private async Task AskAsync(string type, string fields, string request)
    {
        Expected.Success(type, fields, await _client.AskAsync(request));
        _answered.Add(type);
    }
}
