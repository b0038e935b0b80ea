using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Membership.Queries;

namespace Membership.Protocol.Requests;

/// <summary>Reads the fields of the queries: command specification, section 6.</summary>
internal static class QueryReaders
{
    private const int WaitMsMax = 30_000;

    public static IEnumerable<KeyValuePair<string, Func<RequestFields, Command>>> All =>
    [
        Query("list_networks", f => new ListNetworks(f.Limit(), f.OptionalNetwork("after"), Requester(f))),
        Query("get_network", f => new GetNetwork(f.Network())),
        Query("list_nodes", f => new ListNodes(f.Network(), f.Limit(), AfterMember(f), Requester(f))),
        Query("get_member_role", f => new GetMemberRole(f.Network(), f.AnyNode(FieldNames.Target))),
        Query("get_member_tags", f => new GetMemberTags(f.Network(), TagsTarget(f), f.Limit(), AfterMember(f))),
        Query("get_network_policy", f => new GetNetworkPolicy(f.Network())),
        Query("get_expr_policy", f => new GetExprPolicy(f.Network())),
        Query("get_node", f => new GetNode(f.AnyNode())),
        Query("poll_invites", f => new PollInvites(f.AnyNode(), f.Limit(), AfterInvite(f))),
        Query("list_invites", f => new ListInvites(f.Network(), f.Limit(), f.OptionalAnyNode("after"))),
        Query("get_rbac_preassignments", f => new GetRbacPreassignments(f.Network(), f.Limit(), f.OptionalText("after"))),
        Query("get_audit", f => new GetAudit(Filter(f), f.Limit(), f.OptionalNumber("after", ulong.MaxValue))),
        Query("status", _ => new GetStatus()),
        Query("watch", ReadWatch),
        Query("cluster_status", _ => new ClusterStatus()),
        Query("cluster_add", f => new ClusterAdd(f.Text("replica"), f.Text("raft_address"), f.Text("peer_address"))),
        Query("cluster_remove", f => new ClusterRemove(f.Text("replica"))),
        Query("cluster_transfer", f => new ClusterTransfer(f.OptionalText("replica"))),
        Query("snapshot_read", ReadSnapshotRead),
    ];

    private static KeyValuePair<string, Func<RequestFields, Command>> Query(string type, Func<RequestFields, Query> read) =>
        new(type, f => WithFreshness(read(f), f));

    private static Query WithFreshness(Query query, RequestFields f)
    {
        var consistency = f.OptionalText("consistency") switch
        {
            null or "linearizable" => Consistency.Linearizable,
            "leader" => Consistency.Leader,
            "stale" => Consistency.Stale,
            _ => (Consistency?)null,
        };
        if (consistency is null) f.Refuse("consistency");
        return query with
        {
            Consistency = consistency ?? default,
            NamesConsistency = !f.IsAbsent("consistency"),
            MaxLagMs = (uint?)f.OptionalNumber("max_lag_ms", uint.MaxValue),
            MinRevision = f.OptionalNumber("min_revision", ulong.MaxValue),
        };
    }

    // What a legacy signature calls the requester, stock clients send as either.
    private static NodeId? Requester(RequestFields f) => f.OptionalAnyNode("requester_id") ?? f.OptionalAnyNode();

    private static NodeId? TagsTarget(RequestFields f) => f.OptionalAnyNode(FieldNames.Target) is { IsNobody: false } target ? target : null;

    // A number is the last node seen, or the next of the backbone.
    private static MemberCursor? AfterMember(RequestFields f)
    {
        if (AfterRevision(f) is { } revision) return new(NodeId.Nobody, revision);
        return f.OptionalAnyNode("after") is { } node ? new(node) : null;
    }

    private static InboxCursor? AfterInvite(RequestFields f)
    {
        if (AfterRevision(f) is { } revision) return new(NetworkId.Backbone, revision);
        return f.OptionalNetwork("after") is { } network ? new(network) : null;
    }

    // A string is the page's own `next`: a revision, which stands when what it is of is gone. A number is the last id seen.
    private static ulong? AfterRevision(RequestFields f)
    {
        if (f.Value("after").Token != JsonTokenType.String) return null;
        if (!ulong.TryParse(f.Text("after"), NumberStyles.None, NumberFormatInfo.InvariantInfo, out var revision)) f.Refuse("after");
        return revision;
    }

    private static AuditFilter Filter(RequestFields f) => new()
    {
        Network = f.OptionalNetwork(),
        Node = f.OptionalAnyNode(),
        Action = f.OptionalText("action"),
        FromRevision = f.OptionalNumber("from_revision", ulong.MaxValue),
    };

    private static Watch ReadWatch(RequestFields f)
    {
        var from = f.Number("from_revision", ulong.MaxValue);
        var (network, node) = (f.OptionalNetwork(), f.OptionalAnyNode());
        var actions = ImmutableArray.CreateBuilder<string>();
        if (!f.IsAbsent("actions"))
        {
            f.List("actions", item =>
            {
                if (item.Token != JsonTokenType.String) return false;
                actions.Add(item.ToText());
                return true;
            });
        }

        return new(from, network, node, actions.DrainToImmutable(), f.Count("max"), (int)f.Number("wait_ms", WaitMsMax));
    }

    private static SnapshotRead ReadSnapshotRead(RequestFields f)
    {
        var (index, offset) = (f.OptionalNumber("index", long.MaxValue), f.Number("offset", long.MaxValue));
        var length = f.Number("length", SnapshotRead.LengthMax);
        if (length == 0) f.Refuse("length");
        return new(index, offset, (int)length);
    }
}
