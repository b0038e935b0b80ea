using System.Collections.Immutable;
using Membership.Protocol.Requests;

namespace Membership.Client;

/// <summary>Reads the present state at one revision, by queries that are each answered at their own.</summary>
/// <remarks>
/// Each network is a part that is read by itself. A part that was read at some revision is the same from the last event of its network
/// before it up to the next one after it. The events from the first reading on are read, too; when there is a revision at which all parts
/// are as they were read, that is the one. Otherwise those are read again that keep the rest from having one. Where networks change faster
/// than they can be read again there is none, and it reads until the caller gives up.
/// </remarks>
internal sealed class PresentReader(MembershipClient client, WatchFilter filter, Func<ulong, CancellationToken, Task<WatchPage>> poll)
{
    /// <summary>How long one poll waits for a replica that is behind.</summary>
    public static readonly TimeSpan ChangesWait = TimeSpan.FromMilliseconds(200);

    // Queries of one connection are answered side by side up to a number of them.
    private const int ReadingsAtOnce = 16;

    private readonly SortedDictionary<NetworkId, PresentPart> _parts = [];
    private readonly Lock _sync = new();
    private EventTimes _times = new(0);
    private PresentPart? _inbox;
    private QueryOptions _fresh = new();
    private ulong _newest;

    /// <summary>Reads until all parts are of one revision.</summary>
    public async Task<PresentState> ReadAsync(ulong oldest, CancellationToken cancel)
    {
        IReadOnlyCollection<NetworkId> missing = await BeginAsync(cancel);
        while (true)
        {
            if (!await TryReadAsync(missing, cancel))
            {
                missing = await BeginAsync(cancel);
                continue;
            }

            var all = _parts.Values.Append(_inbox!).ToList();
            var since = all.Max(_times.UnchangedSince);
            var changed = _parts.Where(part => _times.ChangedBy(part.Value, since)).Select(part => part.Key);
            missing = [.. changed.Concat(_times.Networks.Where(id => !_parts.ContainsKey(id)))];
            if (_times.ChangedBy(_inbox!, since)) _inbox = null;
            else if (missing.Count == 0) return Build(oldest, Math.Min(all.Min(_times.NextChange) - 1, _newest));
        }
    }

    private PresentState Build(ulong oldest, ulong revision) => new(
        oldest,
        revision,
        [.. _parts.Values.Select(part => part.Content).OfType<PresentNetwork>().Where(content => filter.Node is null || !content.Members.IsEmpty)],
        _inbox!.Inbox)
    {
        NextRevision = revision + 1,
    };

    /// <summary>Forgets everything; the networks to read.</summary>
    private async Task<IReadOnlyCollection<NetworkId>> BeginAsync(CancellationToken cancel)
    {
        _fresh = new();
        _parts.Clear();
        _inbox = null;
        var listed = (await ReadAllAsync(page => client.ListNetworksAsync(page, cancel)))!;
        _times = new(listed.Oldest);
        if (filter.Network is { } network) return [network];
        if (filter.Node is not { } node) return [.. listed.Items.Select(info => info.Network).Where(id => !id.IsBackbone)];
        var known = await client.GetNodeAsync(node, cancel: cancel);
        return known.Code == Code.NodeNotFound ? [] : [.. known.Require().Networks];
    }

    /// <summary>Reads parts, and what happened meanwhile; false when events are gone.</summary>
    private async Task<bool> TryReadAsync(IReadOnlyCollection<NetworkId> networks, CancellationToken cancel)
    {
        foreach (var some in networks.Chunk(ReadingsAtOnce))
        {
            foreach (var (id, part) in await Task.WhenAll(some.Select(async id => (id, await ReadNetworkAsync(id, cancel))))) _parts[id] = part;
            if (!await TryCatchUpAsync(cancel)) return false;
        }

        _inbox ??= await ReadInboxAsync(cancel);

        // A refusal tells no revision; what is read after it is not older.
        RevisionOf(await client.ListNetworksAsync(new() { Limit = 1 }, cancel));
        return await TryCatchUpAsync(cancel);
    }

    /// <summary>Reads the events up to the newest reading; false when they are gone.</summary>
    private async Task<bool> TryCatchUpAsync(CancellationToken cancel)
    {
        while (_times.Known < _newest)
        {
            var page = await poll(_times.Known + 1, cancel);
            if (page.OldestRevision is not null) return false;
            foreach (var happened in page.Events) _times.Add(happened, filter.Node);
            _times.Known = page.NextRevision - 1;
        }

        (_newest, _fresh) = (_times.Known, new() { Consistency = Consistency.Stale, MinRevision = _times.Known });
        return true;
    }

    private async Task<PresentPart> ReadNetworkAsync(NetworkId id, CancellationToken cancel)
    {
        // First what may be refused: the answers that tell a revision are not older.
        var invites = await ReadAllAsync(
            page => client.ListInvitesAsync(id, page, cancel), Code.NetworkNotFound, Code.NotAuthorized, Code.NotAMember, Code.RoleRequired);
        var (reading, members) = (client.GetNetworkAsync(id, _fresh, cancel), await ReadAllAsync(page => client.ListNodesAsync(id, page, cancel), Code.NetworkNotFound));
        var network = await reading;
        if (network.Code == Code.NetworkNotFound || members is null) return PresentPart.Absent(id, _times.Known);
        var revisions = new[] { RevisionOf(network), members.Oldest, members.Newest, invites?.Oldest ?? members.Oldest, invites?.Newest ?? members.Newest };
        return new(id, revisions.Min(), revisions.Max())
        {
            Content = new(
                network.Require(),
                [.. members.Items.Where(member => filter.Node is not { } node || member.Address.Node == node)],
                [.. (invites?.Items ?? []).Where(invite => filter.Node is not { } node || invite.Target == node || invite.Inviter == node)]),
        };
    }

    private async Task<PresentPart> ReadInboxAsync(CancellationToken cancel)
    {
        if (filter.Node is not { } node) return PresentPart.Absent(null, _times.Known);
        var inbox = await ReadAllAsync(page => client.PollInvitesAsync(node, page, cancel), Code.NotAuthorized, Code.NodeNotFound);
        if (inbox is null) return PresentPart.Absent(null, _times.Known);
        return new(null, inbox.Oldest, inbox.Newest)
        {
            Inbox = [.. inbox.Items.Where(invite => filter.Network is not { } network || invite.Network == network)],
        };
    }

    /// <summary>A whole list; null when it is refused in one of these ways.</summary>
    private async Task<Reading<T>?> ReadAllAsync<T>(Func<ListOptions, Task<ClientOutcome<ListPage<T>>>> read, params Code[] refusals)
    {
        var (items, oldest, newest, after) = (new List<T>(), ulong.MaxValue, 0UL, (PageCursor?)null);
        do
        {
            var outcome = await read(new() { Limit = ListOptions.LimitMax, After = after, Consistency = _fresh.Consistency, MinRevision = _fresh.MinRevision });
            if (outcome.Code is { } code && refusals.Contains(code)) return null;
            var revision = RevisionOf(outcome);
            (oldest, newest) = (Math.Min(oldest, revision), Math.Max(newest, revision));
            items.AddRange(outcome.Require().Items);
            after = outcome.Require().Next;
        }
        while (after is not null);
        return new(items, oldest, newest);
    }

    private ulong RevisionOf<T>(ClientOutcome<T> outcome)
    {
        outcome.Require();
        var revision = ((Done<T>)outcome).Revision;

        // Networks are read side by side.
        lock (_sync) _newest = Math.Max(_newest, revision);
        return revision;
    }

    private sealed record Reading<T>(IReadOnlyList<T> Items, ulong Oldest, ulong Newest);
}
