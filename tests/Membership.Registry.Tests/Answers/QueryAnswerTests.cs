using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Queries;

namespace Membership.Registry.Tests.Answers;

public sealed class QueryAnswerTests : IDisposable
{
    private const string Policy = "{ \"version\":1, \"rules\":[1.50] }";
    private readonly World _world = new World().WithNodes(3);

    public QueryAnswerTests()
    {
        // Revisions 4 to 9, 30 s after the first entry and then 10 s apart.
        _world.Change("""{"type":"create_network","node_id":1,"name":"ops","enterprise":true,"join_rule":"invite","rules":{"links":1,"cycle":"1m"}}""");
        _world.Change($$"""{"type":"set_expr_policy","network_id":1,"expr_policy":{{Policy}}}""");
        _world.Change("""{"type":"set_network_policy","network_id":1,"max_members":9,"description":"é","allowed_ports":[80]}""");
        _world.Change("""{"type":"set_member_tags","network_id":1,"target_node_id":1,"tags":["a","b"]}""");
        _world.Change("""{"type":"set_rbac_preassignments","network_id":1,"roles":[{"external_id":"B","role":"member"},{"external_id":"a","role":"admin"}]}""");
        _world.Change("""{"type":"invite_to_network","network_id":1,"inviter_id":1,"target_node_id":2}""");
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Networks_are_listed()
    {
        const string Backbone = "{\"id\":0,\"name\":\"backbone\",\"join_rule\":\"open\",\"enterprise\":false,\"created\":1763900000";
        const string Ops = "{\"id\":1,\"name\":\"ops\",\"join_rule\":\"invite\",\"enterprise\":true,\"created\":1763900030";
        const string Shown = "\"max_members\":9,\"description\":\"é\",\"managed\":true,\"rules\":{\"links\":1,\"cycle\":\"1m\",\"prune\":0,\"fill\":0},\"has_expr_policy\":true}";
        const string Request = "{\"type\":\"list_networks\"}";
        static void Write(AnswerWriter w, Request request, Viewer viewer) => w.WriteNetworks(request, viewer.Revision, viewer.ListNetworks());

        Assert.Equal(
            $"{{\"type\":\"list_networks_ok\",\"revision\":9,\"networks\":[{Backbone},\"members\":3}},{Ops},\"members\":1,{Shown}]}}", _world.Ask(Request, Write));
        Assert.Equal($"{{\"type\":\"list_networks_ok\",\"revision\":9,\"networks\":[{Backbone}}},{Ops},{Shown}]}}", _world.Ask(Request, Write, node: 1));
        Assert.Equal($"{{\"type\":\"list_networks_ok\",\"revision\":9,\"networks\":[{Backbone}}}]}}", _world.Ask(Request, Write, node: 3));
        Assert.Equal(
            $"{{\"type\":\"list_networks_ok\",\"revision\":9,\"networks\":[{Backbone}}}],\"next\":0}}",
            _world.Ask(Request, (w, request, viewer) => w.WriteNetworks(request, viewer.Revision, viewer.ListNetworks(limit: 1)), node: 1));
        Assert.Equal(
            $"{{\"type\":\"get_network_ok\",\"revision\":9,\"network_id\":1,{Ops[1..]},{Shown}",
            _world.Ask(
                "{\"type\":\"get_network\",\"network_id\":1}",
                (w, request, viewer) => w.WriteNetwork(request, viewer.Revision, viewer.GetNetwork(new(1)).Answer!),
                node: 1));
    }

    [Fact]
    public void Members_are_listed()
    {
        const string Request = "{\"type\":\"list_nodes\",\"network_id\":1}";
        Assert.Equal(
            "{\"type\":\"list_nodes_ok\",\"revision\":9,\"network_id\":1,\"nodes\":[{\"node_id\":1,\"address\":\"1:0001.0000.0001\","
                + "\"role\":\"owner\",\"member_tags\":[\"a\",\"b\"],\"task_exec\":false,\"joined_at\":1763900030}]}",
            _world.Ask(Request, (w, request, viewer) => w.WriteMembers(request, viewer.Revision, new(1), viewer.ListNodes(new(1)).Answer!)));
        Assert.Equal(
            "{\"type\":\"list_nodes_ok\",\"revision\":9,\"network_id\":0,\"nodes\":[{\"node_id\":1,\"address\":\"0:0000.0000.0001\",\"task_exec\":false,\"joined_at\":1763900000}],\"next\":1}",
            _world.Ask(Request.Replace(":1}", ":0}"), (w, request, viewer) =>
                w.WriteMembers(request, viewer.Revision, default, viewer.ListNodes(default, limit: 1).Answer!)));
    }

    [Fact]
    public void A_page_goes_on_where_it_ended()
    {
        _world.Change("""{"type":"set_join_rule","network_id":1,"join_rule":"open"}""");
        _world.Change("""{"type":"join_network","node_id":3,"network_id":1}""");
        string Page(string after)
        {
            return _world.Ask($$"""{"type":"list_nodes","network_id":1,"limit":1{{after}}}""", (w, request, viewer) =>
            {
                var query = (ListNodes)request.Command;
                w.WriteMembers(request, viewer.Revision, query.Id, viewer.ListNodes(query.Id, query.Limit, query.After).Answer!);
            });
        }

        var first = Page("");
        Assert.EndsWith(",\"next\":\"4\"}", first, StringComparison.Ordinal);
        Assert.Contains("\"node_id\":3", Page(",\"after\":\"4\""), StringComparison.Ordinal);
        Assert.Equal(Page(",\"after\":\"4\""), Page(",\"after\":1"));
        Assert.DoesNotContain("next", Page(",\"after\":1"), StringComparison.Ordinal);
    }

    [Fact]
    public void Single_facts_are_told()
    {
        Assert.Equal(
            "{\"type\":\"get_member_role_ok\",\"revision\":9,\"network_id\":1,\"target_node_id\":1,\"role\":\"owner\"}",
            _world.Ask("{\"type\":\"get_member_role\",\"network_id\":1,\"target_node_id\":1}", (w, request, viewer) =>
                w.WriteRole(request, viewer.Revision, viewer.GetMemberRole(new(1), new(1)).Answer!)));
        Assert.Equal(
            "{\"type\":\"get_network_policy_ok\",\"revision\":9,\"network_id\":1,\"max_members\":9,\"allowed_ports\":[80],\"description\":\"é\"}",
            _world.Ask("{\"type\":\"get_network_policy\",\"network_id\":1}", (w, request, viewer) =>
                w.WritePolicy(request, viewer.Revision, new(1), viewer.GetNetworkPolicy(new(1)).Answer!)));
        Assert.Equal(
            $"{{\"type\":\"get_expr_policy_ok\",\"revision\":9,\"network_id\":1,\"expr_policy\":{Policy}}}",
            _world.Ask("{\"type\":\"get_expr_policy\",\"network_id\":1}", (w, request, viewer) =>
                w.WriteExprPolicy(request, viewer.Revision, new(1), viewer.GetExprPolicy(new(1)).Answer!)));
        _world.Change("""{"type":"set_expr_policy","network_id":1,"expr_policy":""}""");
        Assert.Equal(
            "{\"type\":\"get_expr_policy_ok\",\"revision\":10,\"network_id\":1}",
            _world.Ask("{\"type\":\"get_expr_policy\",\"network_id\":1}", (w, request, viewer) =>
                w.WriteExprPolicy(request, viewer.Revision, new(1), viewer.GetExprPolicy(new(1)).Answer!)));
    }

    [Fact]
    public void Tags_are_told_of_one_and_of_all()
    {
        const string Request = "{\"type\":\"get_member_tags\",\"network_id\":1}";
        Assert.Equal(
            "{\"type\":\"get_member_tags_ok\",\"revision\":9,\"network_id\":1,\"target_node_id\":3,\"tags\":[]}",
            _world.Ask(Request, (w, request, viewer) => w.WriteTags(request, viewer.Revision, new(1), viewer.GetMemberTags(new(1), new(3)).Answer!)));
        Assert.Equal(
            "{\"type\":\"get_member_tags_ok\",\"revision\":9,\"network_id\":1,\"members\":{\"1\":[\"a\",\"b\"]}}",
            _world.Ask(Request, (w, request, viewer) => w.WriteAllTags(request, viewer.Revision, new(1), viewer.GetAllMemberTags(new(1)).Answer!)));
    }

    [Fact]
    public void A_node_is_told_and_its_external_id_to_few()
    {
        _world.Change("""{"type":"set_external_id","node_id":1,"external_id":"x"}""");
        static void Write(AnswerWriter w, Request request, Viewer viewer) => w.WriteNode(request, viewer.Revision, viewer.GetNode(new(1)).Answer!);
        var told = $"{{\"type\":\"get_node_ok\",\"revision\":10,\"node_id\":1,\"public_key\":\"{World.KeyOf(1)}\",\"key_version\":1,\"task_exec\":false,\"registered_at\":1763900000,\"networks\":";
        const string Request = "{\"type\":\"get_node\",\"node_id\":1}";
        Assert.Equal(told + "[1],\"external_id\":\"x\"}", _world.Ask(Request, Write, node: 1));
        Assert.Equal(told + "[]}", _world.Ask(Request, Write, node: 3));
    }

    [Fact]
    public void Invites_and_preassignments_are_listed()
    {
        Assert.Equal(
            "{\"type\":\"poll_invites_ok\",\"revision\":9,\"invites\":[{\"network_id\":1,\"inviter_id\":1,\"timestamp\":1763900080}]}",
            _world.Ask("{\"type\":\"poll_invites\",\"node_id\":2}", (w, request, viewer) =>
                w.WriteInbox(request, viewer.Revision, viewer.PollInvites(new(2)).Answer!)));
        Assert.Equal(
            "{\"type\":\"list_invites_ok\",\"revision\":9,\"network_id\":1,\"invites\":[{\"target_node_id\":2,\"inviter_id\":1,\"timestamp\":1763900080}]}",
            _world.Ask("{\"type\":\"list_invites\",\"network_id\":1}", (w, request, viewer) =>
                w.WriteInvites(request, viewer.Revision, new(1), viewer.ListInvites(new(1)).Answer!)));
        Assert.Equal(
            "{\"type\":\"get_rbac_preassignments_ok\",\"revision\":9,\"network_id\":1,\"roles\":[{\"external_id\":\"a\",\"role\":\"admin\"}],\"next\":\"a\"}",
            _world.Ask("{\"type\":\"get_rbac_preassignments\",\"network_id\":1}", (w, request, viewer) =>
                w.WritePreAssignments(request, viewer.Revision, new(1), viewer.GetRbacPreassignments(new(1), limit: 1).Answer!)));
    }

    [Fact]
    public void Records_and_events_have_their_attributes_as_values()
    {
        _world.Change("""{"type":"set_member_tags","network_id":1,"target_node_id":1,"tags":["x"]}""");
        const string Happening = "\"revision\":10,\"time\":1763900090123,\"actor\":\"admin:0\",\"actor_role\":\"admin\","
            + "\"request_id\":\"0000000000000001000000000000000a\",\"action\":\"member_tags.changed\",\"attributes\":{\"network_id\":1,\"target_node_id\":1,\"tags\":[\"x\"]}";
        Assert.Equal(
            $"{{\"type\":\"watch_ok\",\"revision\":10,\"events\":[{{{Happening}}}],\"next_revision\":11}}",
            _world.Ask("{\"type\":\"watch\",\"from_revision\":10,\"max\":1,\"wait_ms\":0}", (w, request, viewer) =>
                w.WriteEvents(request, viewer.Revision, new([.. _world.Events], 11))));
        Assert.Equal(
            "{\"type\":\"watch_ok\",\"revision\":10,\"gone\":true,\"oldest\":7}",
            _world.Ask("{\"type\":\"watch\",\"from_revision\":1,\"max\":1,\"wait_ms\":0}", (w, request, viewer) =>
                w.WriteEvents(request, viewer.Revision, new([], 11, OldestRevision: 7))));

        var audit = _world.Ask("{\"type\":\"get_audit\"}", (w, request, viewer) =>
            w.WriteAudit(request, viewer.Revision, viewer.GetAudit(new AuditFilter { FromRevision = 10 }).Answer!));
        Assert.Matches(
            "^{\"type\":\"get_audit_ok\",\"revision\":10,\"records\":\\[{\"number\":10," + System.Text.RegularExpressions.Regex.Escape(Happening)
            + ",\"previous_hash\":\"[0-9a-f]{64}\",\"hash\":\"[0-9a-f]{64}\"}\\],\"oldest\":1}$", audit);
    }

    [Fact]
    public void Attributes_of_every_kind_are_written()
    {
        _world.Change("""{"type":"set_task_exec","node_id":1,"enabled":true}""");
        Assert.Equal("{\"node_id\":1,\"old_enabled\":false,\"new_enabled\":true}", Attributes());
        _world.Change("""{"type":"set_network_policy","network_id":1,"allowed_ports":[1,2]}""");
        Assert.Equal("{\"network_id\":1,\"old_allowed_ports\":[80],\"new_allowed_ports\":[1,2]}", Attributes());

        string Attributes()
        {
            var answer = _world.Ask("{\"type\":\"watch\",\"from_revision\":0,\"max\":1,\"wait_ms\":0}", (w, request, viewer) =>
                w.WriteEvents(request, viewer.Revision, new([.. _world.Events], 0)));
            var start = answer.IndexOf("\"attributes\":", StringComparison.Ordinal) + 13;
            return answer[start..(answer.IndexOf("}}]", StringComparison.Ordinal) + 1)];
        }
    }

    [Fact]
    public void Operators_are_answered()
    {
        var status = new StatusAnswer
        {
            Cluster = "alpha", Replica = "a", Leader = "b", Term = 3, CommitIndex = 12, AppliedIndex = 11, Revision = 9,
            Digest = "00ff", Lag = 1, LagMs = 4, Version = 1,
        };
        Assert.Equal(
            "{\"type\":\"status_ok\",\"revision\":9,\"cluster\":\"alpha\",\"replica\":\"a\",\"leader\":\"b\",\"term\":3,\"commit\":12,"
            + "\"applied\":11,\"digest\":\"00ff\",\"lag\":1,\"lag_ms\":4,\"version\":1}",
            _world.Ask("{\"type\":\"status\"}", (w, request, _) => w.WriteStatus(request, status)));
        Assert.DoesNotContain(
            "leader", _world.Ask("{\"type\":\"status\"}", (w, request, _) => w.WriteStatus(request, status with { Leader = null })), StringComparison.Ordinal);
        var leader = new ReplicaAnswer
        {
            Replica = "a", RaftAddress = "h:1", PeerAddress = "h:2", Role = "leader",
            Progress = new() { Term = 3, CommitIndex = 12, AppliedIndex = 11, Lag = 1, Revision = 9, Digest = "00ff", SnapshotIndex = 7, Version = 1 },
        };
        var away = new ReplicaAnswer { Replica = "b", RaftAddress = "h:3", PeerAddress = "h:4", Role = "unreachable", Health = ["unreachable"] };
        Assert.Equal(
            "{\"type\":\"cluster_status_ok\",\"revision\":9,\"replicas\":[{\"replica\":\"a\",\"raft_address\":\"h:1\",\"peer_address\":\"h:2\","
                + "\"role\":\"leader\",\"term\":3,\"commit\":12,\"applied\":11,\"lag\":1,\"revision\":9,\"digest\":\"00ff\",\"snapshot\":7,\"version\":1,\"health\":[]},"
                + "{\"replica\":\"b\",\"raft_address\":\"h:3\",\"peer_address\":\"h:4\",\"role\":\"unreachable\",\"health\":[\"unreachable\"]}]}",
            _world.Ask("{\"type\":\"cluster_status\"}", (w, request, viewer) => w.WriteCluster(request, viewer.Revision, [leader, away])));
        Assert.Equal(
            "{\"type\":\"snapshot_read_ok\",\"revision\":9,\"index\":12,\"size\":100,\"sha256\":\"ab\",\"offset\":7,\"data\":\"AQID\",\"more\":true}",
            _world.Ask("{\"type\":\"snapshot_read\",\"offset\":0,\"length\":3}", (w, request, viewer) =>
                w.WriteSnapshotPiece(request, viewer.Revision, new(12, 100, "ab", 7, new byte[] { 1, 2, 3 }, HasMore: true))));
        Assert.Equal(
            "{\"type\":\"cluster_remove_ok\",\"revision\":9}",
            _world.Ask("{\"type\":\"cluster_remove\",\"replica\":\"c\"}", (w, request, viewer) => w.WriteDone(request, viewer.Revision)));
    }
}
