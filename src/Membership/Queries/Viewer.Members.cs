using Membership.State;

namespace Membership.Queries;

/// <summary>Where a list of members goes on: after a member, or after a revision of joining (a page's own cursor).</summary>
/// <param name="Node">The last member seen; nobody when the revision counts.</param>
/// <param name="JoinRevision">The revision of joining of the last member seen; stands when that member has left since.</param>
public readonly record struct MemberCursor(NodeId Node, ulong JoinRevision = 0);

public sealed partial class Viewer
{
    /// <summary><c>list_nodes</c>: members in join order; on the backbone all nodes by id, for an admin.</summary>
    /// <param name="id">The network.</param>
    /// <param name="limit">At most so many; null for all.</param>
    /// <param name="after">Where the last page ended. Behind a node that is no member the list begins anew: nobody is missed.</param>
    public QueryResult<Page<MemberAnswer, MemberCursor>> ListNodes(NetworkId id, int? limit = null, MemberCursor? after = null)
    {
        if (id.IsBackbone) return ListAllNodes(limit, after);
        if (!TrySee(id, out _)) return QueryResult<Page<MemberAnswer, MemberCursor>>.Rejected(Code.NetworkNotFound);
        var page = new PageBuilder<MemberAnswer, MemberCursor>(limit);
        var (_, to) = Ranges.ByJoin(id);
        foreach (var (key, node) in _state.Tables.MembersByJoin.Between(new(id, FirstJoinAfter(id, after)), to))
        {
            _state.Tables.Members.TryGetValue(id, node, out var member);
            if (!page.TryAdd(Describe(new(id, node), member), new(NodeId.Nobody, key.JoinRevision))) break;
        }

        return QueryResult<Page<MemberAnswer, MemberCursor>>.Ok(page.Build());
    }

    /// <summary><c>get_member_role</c>.</summary>
    public QueryResult<RoleAnswer> GetMemberRole(NetworkId id, NodeId target)
    {
        if (!TrySee(id, out _)) return QueryResult<RoleAnswer>.Rejected(Code.NetworkNotFound);
        if (target.IsNobody) return QueryResult<RoleAnswer>.Rejected(Code.NodeNotFound);
        return _state.Tables.Members.TryGetValue(id, target, out var member)
            ? QueryResult<RoleAnswer>.Ok(new(id, target, member.Role))
            : QueryResult<RoleAnswer>.Rejected(Code.NotAMember);
    }

    /// <summary>One member as <c>list_nodes</c> shows it.</summary>
    public QueryResult<MemberAnswer> GetMember(NetworkId id, NodeId target)
    {
        if (!TrySee(id, out _)) return QueryResult<MemberAnswer>.Rejected(Code.NetworkNotFound);
        return _state.Tables.Members.TryGetValue(id, target, out var member)
            ? QueryResult<MemberAnswer>.Ok(Describe(new(id, target), member))
            : QueryResult<MemberAnswer>.Rejected(Code.NotAMember);
    }

    /// <summary><c>get_member_tags</c> of one target; none for a node that is no member.</summary>
    public QueryResult<TagsAnswer> GetMemberTags(NetworkId id, NodeId target)
    {
        if (!TrySee(id, out _)) return QueryResult<TagsAnswer>.Rejected(Code.NetworkNotFound);
        return _state.Tables.Members.TryGetValue(id, target, out var member)
            ? QueryResult<TagsAnswer>.Ok(new(target, member.Tags))
            : QueryResult<TagsAnswer>.Ok(new(target, []));
    }

    /// <summary><c>get_member_tags</c> of every member, in join order.</summary>
    /// <param name="id">The network.</param>
    /// <param name="limit">At most so many; null for all.</param>
    /// <param name="after">Where the last page ended. Behind a node that is no member the list begins anew: nobody is missed.</param>
    public QueryResult<Page<TagsAnswer, MemberCursor>> GetAllMemberTags(NetworkId id, int? limit = null, MemberCursor? after = null)
    {
        if (!TrySee(id, out _)) return QueryResult<Page<TagsAnswer, MemberCursor>>.Rejected(Code.NetworkNotFound);
        var page = new PageBuilder<TagsAnswer, MemberCursor>(limit);
        var (_, to) = Ranges.ByJoin(id);
        foreach (var (key, node) in _state.Tables.MembersByJoin.Between(new(id, FirstJoinAfter(id, after)), to))
        {
            _state.Tables.Members.TryGetValue(id, node, out var member);
            if (!page.TryAdd(new(node, member.Tags), new(NodeId.Nobody, key.JoinRevision))) break;
        }

        return QueryResult<Page<TagsAnswer, MemberCursor>>.Ok(page.Build());
    }

    private QueryResult<Page<MemberAnswer, MemberCursor>> ListAllNodes(int? limit, MemberCursor? after)
    {
        if (!IsAdmin) return QueryResult<Page<MemberAnswer, MemberCursor>>.Rejected(Code.AdminRequired);
        var page = new PageBuilder<MemberAnswer, MemberCursor>(limit);
        foreach (var (id, node) in _state.Tables.Nodes.From(FirstAfter(after?.Node)))
        {
            var answer = new MemberAnswer(new(NetworkId.Backbone, id), Role.None, [], node.TaskExec, node.RegisteredAt);
            if (!page.TryAdd(answer, new(id))) break;
        }

        return QueryResult<Page<MemberAnswer, MemberCursor>>.Ok(page.Build());
    }

    // The greatest number is no revision of joining, so there is always one after.
    private ulong FirstJoinAfter(NetworkId id, MemberCursor? after)
    {
        if (after is not { } cursor) return 0;
        if (cursor.Node.IsNobody) return cursor.JoinRevision < ulong.MaxValue ? cursor.JoinRevision + 1 : ulong.MaxValue;
        return _state.Tables.Members.TryGetValue(id, cursor.Node, out var member) ? member.JoinRevision + 1 : 0;
    }

    private MemberAnswer Describe(NodeAddress address, in Member member)
    {
        _state.Tables.Nodes.TryGetValue(address.Node, out var node);
        return new(address, member.Role, member.Tags, node!.TaskExec, member.JoinedAt);
    }

    // The greatest number is no node's, so there is always one after.
    private static NodeId FirstAfter(NodeId? node) => new(node is { } last && last.Value < uint.MaxValue ? last.Value + 1 : 0);
}
