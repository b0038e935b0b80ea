using Membership.Protocol.Requests;
using Membership.Queries;

namespace Membership.Registry.Tests.Requests;

public sealed class QueryRequestTests
{
    private static readonly NetworkId Ops = new(3);
    private static readonly NodeId Alice = new(1001);

    [Fact]
    public void Queries_are_read_typed()
    {
        (string Json, Query Expected)[] rows =
        [
            ("""{"type":"list_networks"}""", new ListNetworks(null, null, null)),
            ("""{"type":"list_networks","limit":1000,"after":0}""", new ListNetworks(1000, NetworkId.Backbone, null)),
            ("""{"type":"get_network","network_id":0}""", new GetNetwork(NetworkId.Backbone)),
            ("""{"type":"list_nodes","network_id":3,"after":1001,"requester_id":7,"node_id":8}""", new ListNodes(Ops, null, new(Alice), new NodeId(7))),
            ("""{"type":"list_nodes","network_id":3,"after":"17","limit":1}""", new ListNodes(Ops, 1, new(NodeId.Nobody, 17), null)),
            ("""{"type":"get_member_role","network_id":3,"target_node_id":0}""", new GetMemberRole(Ops, NodeId.Nobody)),
            ("""{"type":"get_member_tags","network_id":3,"target_node_id":1001}""", new GetMemberTags(Ops, Alice, null, null)),
            ("""{"type":"get_member_tags","network_id":3,"target_node_id":0,"after":1001}""", new GetMemberTags(Ops, null, null, new(Alice))),
            ("""{"type":"get_network_policy","network_id":3}""", new GetNetworkPolicy(Ops)),
            ("""{"type":"get_expr_policy","network_id":3}""", new GetExprPolicy(Ops)),
            ("""{"type":"get_node","node_id":1001}""", new GetNode(Alice)),
            ("""{"type":"poll_invites","node_id":1001,"after":3}""", new PollInvites(Alice, null, new(Ops))),
            ("""{"type":"list_invites","network_id":3,"after":1001}""", new ListInvites(Ops, null, Alice)),
            ("""{"type":"get_rbac_preassignments","network_id":3,"after":"x"}""", new GetRbacPreassignments(Ops, null, "x")),
            ("""{"type":"get_audit","network_id":3,"node_id":1001,"action":"network.joined","from_revision":5,"after":9,"limit":2}""",
                new GetAudit(new AuditFilter { Network = Ops, Node = Alice, Action = "network.joined", FromRevision = 5 }, 2, 9)),
            ("""{"type":"status","consistency":"leader"}""", new GetStatus { Consistency = Consistency.Leader, NamesConsistency = true }),
            ("""{"type":"get_node","node_id":1001,"consistency":"stale","max_lag_ms":50,"min_revision":18446744073709551615}""",
                new GetNode(Alice) { Consistency = Consistency.Stale, NamesConsistency = true, MaxLagMs = 50, MinRevision = ulong.MaxValue }),
            ("""{"type":"cluster_status"}""", new ClusterStatus()),
            ("""{"type":"cluster_add","replica":"c","raft_address":"h:1","peer_address":"h:2"}""", new ClusterAdd("c", "h:1", "h:2")),
            ("""{"type":"cluster_remove","replica":"c"}""", new ClusterRemove("c")),
            ("""{"type":"cluster_transfer"}""", new ClusterTransfer(null)),
            ("""{"type":"snapshot_read","offset":0,"length":1048576}""", new SnapshotRead(null, 0, 1_048_576)),
        ];
        foreach (var (json, expected) in rows) Assert.Equal((json, expected), (json, Wire.Query<Query>(json)));
    }

    [Fact]
    public void A_watch_says_what_it_waits_for()
    {
        var watch = Wire.Query<Watch>("""{"type":"watch","from_revision":0,"network_id":3,"actions":["a","b"],"max":1000,"wait_ms":0}""");
        Assert.Equal((0UL, Ops, null, 1000, 0), (watch.FromRevision, watch.Id, watch.Node, watch.Max, watch.WaitMs));
        Assert.Equal(["a", "b"], watch.Actions.ToArray());
        Assert.True(Wire.Query<Watch>("""{"type":"watch","from_revision":0,"max":1,"wait_ms":30000}""").Actions.IsEmpty);
    }
}
