using Membership.State;

namespace Membership.Queries;

/// <summary>Where an inbox goes on: after a network's invite, or after a revision of arrival (a page's own cursor).</summary>
/// <param name="Network">The network of the last invite seen; the backbone when the revision counts.</param>
/// <param name="Arrival">The revision that created the last invite seen; stands when that invite is gone since.</param>
public readonly record struct InboxCursor(NetworkId Network, ulong Arrival = 0);

public sealed partial class Viewer
{
    private long LiveSince => _state.ClusterTime - _state.Limits.InviteTtlMs;

    /// <summary><c>poll_invites</c>: the live ones of an inbox in the order of arrival; reading consumes nothing.</summary>
    /// <param name="node">Whose inbox; only itself and admins may ask.</param>
    /// <param name="limit">At most so many; null for all.</param>
    /// <param name="after">Where the last page ended. Behind a network whose invite is gone the inbox begins anew: nothing is missed.</param>
    public QueryResult<Page<InboxAnswer, InboxCursor>> PollInvites(NodeId node, int? limit = null, InboxCursor? after = null)
    {
        if (!IsAdmin && !Is(node)) return QueryResult<Page<InboxAnswer, InboxCursor>>.Rejected(Code.NotAuthorized);
        if (!_state.Tables.Nodes.ContainsKey(node)) return QueryResult<Page<InboxAnswer, InboxCursor>>.Rejected(Code.NodeNotFound);
        var seen = ArrivalOf(node, after);
        var page = new PageBuilder<InboxAnswer, InboxCursor>(limit);
        var (from, to) = Ranges.Inbox(node, LiveSince);
        foreach (var (key, network) in _state.Tables.Inbox.Between(from, to))
        {
            if (key.Arrival <= seen) continue;
            _state.Tables.Invites.TryGetValue(new(node, network), out var invite);
            if (!page.TryAdd(new(network, invite.Inviter, invite.CreatedAt), new(NetworkId.Backbone, key.Arrival))) break;
        }

        return QueryResult<Page<InboxAnswer, InboxCursor>>.Ok(page.Build());
    }

    private ulong ArrivalOf(NodeId node, InboxCursor? after)
    {
        if (after is not { Network.IsBackbone: false } cursor) return after?.Arrival ?? 0;
        _state.Tables.Invites.TryGetValue(new(node, cursor.Network), out var last);
        return last.Arrival;
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
