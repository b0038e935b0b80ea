using Membership.State;

namespace Membership.Queries;

public sealed partial class Viewer
{
    private long LiveSince => _state.ClusterTime - _state.Limits.InviteTtlMs;

    /// <summary><c>poll_invites</c>: the live ones of an inbox in the order of arrival; reading consumes nothing.</summary>
    /// <param name="node">Whose inbox; only itself and admins may ask.</param>
    /// <param name="limit">At most so many; null for all.</param>
    /// <param name="after">The network of the last invite seen.</param>
    public QueryResult<Page<InboxAnswer, NetworkId>> PollInvites(NodeId node, int? limit = null, NetworkId? after = null)
    {
        if (!IsAdmin && !Is(node)) return QueryResult<Page<InboxAnswer, NetworkId>>.Rejected(Code.NotAuthorized);
        if (!_state.Tables.Nodes.ContainsKey(node)) return QueryResult<Page<InboxAnswer, NetworkId>>.Rejected(Code.NodeNotFound);
        var (from, to) = Ranges.Inbox(node, LiveSince);
        if (after is { } seen)
        {
            if (!_state.Tables.Invites.TryGetValue(new(node, seen), out var last))
                return QueryResult<Page<InboxAnswer, NetworkId>>.Rejected(Code.InvalidArgument);
            from = new(node, Math.Max(last.CreatedAt, LiveSince), last.Arrival + 1);
        }

        var page = new PageBuilder<InboxAnswer, NetworkId>(limit);
        foreach (var (_, network) in _state.Tables.Inbox.Between(from, to))
        {
            _state.Tables.Invites.TryGetValue(new(node, network), out var invite);
            if (!page.TryAdd(new(network, invite.Inviter, invite.CreatedAt), network)) break;
        }

        return QueryResult<Page<InboxAnswer, NetworkId>>.Ok(page.Build());
    }

    /// <summary><c>list_invites</c>: the live ones of a network by target, for those who manage it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="limit">At most so many; null for all.</param>
    /// <param name="after">The last target seen.</param>
    public QueryResult<Page<InviteAnswer, NodeId>> ListInvites(NetworkId network, int? limit = null, NodeId? after = null)
    {
        if (!TrySee(network, out _)) return QueryResult<Page<InviteAnswer, NodeId>>.Rejected(Code.NetworkNotFound);
        if (CheckManages(network) is var code and not Code.Ok) return QueryResult<Page<InviteAnswer, NodeId>>.Rejected(code);
        var page = new PageBuilder<InviteAnswer, NodeId>(limit);
        var (_, to) = Ranges.Members(network);
        foreach (var (key, _) in _state.Tables.InvitesByNetwork.Between(new(network, FirstAfter(after)), to))
        {
            _state.Tables.Invites.TryGetValue(new(key.Node, network), out var invite);
            if (invite.CreatedAt < LiveSince) continue;
            if (!page.TryAdd(new(key.Node, invite.Inviter, invite.CreatedAt), key.Node)) break;
        }

        return QueryResult<Page<InviteAnswer, NodeId>>.Ok(page.Build());
    }
}
