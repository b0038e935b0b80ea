using System.Collections.Immutable;
using Membership.Maps;

namespace Membership.State;

/// <summary>
/// The members of all networks, by node and then network, so that it is the list of a node's networks, too.
/// </summary>
/// <remarks>
/// Few members have tags. Kept apart, they leave the large map without references, which the collector would have to follow for each of a
/// million members.
/// </remarks>
internal readonly struct MemberMap
{
    private readonly OrderedMap<NodeNetworkKey, Row> _rows;
    private readonly OrderedMap<NodeNetworkKey, ImmutableArray<string>> _tags;

    private MemberMap(in OrderedMap<NodeNetworkKey, Row> rows, in OrderedMap<NodeNetworkKey, ImmutableArray<string>> tags)
    {
        _rows = rows;
        _tags = tags;
    }

    public int Count => _rows.Count;

    /// <summary>Looks up several members at once, see <see cref="OrderedMap{TKey,TValue}.LookAhead"/>.</summary>
    /// <param name="keys">At most <see cref="Prefetch.KeysMax"/>.</param>
    /// <param name="joins">The place of each among its network's members: behind them for one that is no member, as it would join now.</param>
    public void LookAhead(ReadOnlySpan<NodeNetworkKey> keys, Span<JoinKey> joins)
    {
        Span<Row> rows = stackalloc Row[Prefetch.KeysMax];
        _rows.LookAhead(keys, rows);
        for (var i = 0; i < keys.Length; i++) joins[i] = new(keys[i].Network, rows[i].JoinRevision is > 0 and var revision ? revision : ulong.MaxValue);
    }

    public bool Contains(NetworkId network, NodeId node) => _rows.ContainsKey(new(node, network));

    public bool TryGetValue(NetworkId network, NodeId node, out Member member)
    {
        var key = new NodeNetworkKey(node, network);
        var found = _rows.TryGetValue(key, out var row);
        member = found ? Joined(key, row) : default;
        return found;
    }

    /// <summary>The networks of a node, ascending.</summary>
    public IEnumerable<NetworkId> NetworksOf(NodeId node)
    {
        var (from, to) = Ranges.OfNode(node);
        foreach (var (key, _) in _rows.Between(from, to)) yield return key.Network;
    }

    /// <summary>All, ascending.</summary>
    public IEnumerator<KeyValuePair<NodeNetworkKey, Member>> GetEnumerator()
    {
        foreach (var (key, row) in _rows) yield return new(key, Joined(key, row));
    }

    /// <summary>Adds or replaces; the caller knows whether there were tags before.</summary>
    public MemberMap Set(NetworkId network, NodeId node, in Member member, bool hadTags, EditMark? mark)
    {
        var key = new NodeNetworkKey(node, network);
        var hasTags = member.Tags.Length > 0;
        var rows = _rows.Set(key, new(member.JoinedAt, member.JoinRevision, member.Role, hasTags), mark);
        return new(rows, hasTags ? _tags.Set(key, member.Tags, mark) : Untagged(key, hadTags, mark));
    }

    public MemberMap Remove(NetworkId network, NodeId node, bool hasTags, EditMark? mark)
    {
        var key = new NodeNetworkKey(node, network);
        return new(_rows.Remove(key, mark), Untagged(key, hasTags, mark));
    }

    private OrderedMap<NodeNetworkKey, ImmutableArray<string>> Untagged(NodeNetworkKey key, bool hadTags, EditMark? mark) =>
        hadTags ? _tags.Remove(key, mark) : _tags;

    private Member Joined(NodeNetworkKey key, in Row row)
    {
        ImmutableArray<string> tags = [];
        if (row.HasTags) _tags.TryGetValue(key, out tags);
        return new(row.Role, row.JoinedAt, row.JoinRevision, tags);
    }

    // A million of them: time, role and flag share a word, as a time in Unix ms has 48 bits at most.
    private readonly struct Row(long joinedAt, ulong joinRevision, Role role, bool hasTags)
    {
        private readonly ulong _packed = (ulong)joinedAt << 8 | (uint)role << 1 | (hasTags ? 1u : 0);

        public long JoinedAt => (long)(_packed >> 8);

        public ulong JoinRevision { get; } = joinRevision;

        public Role Role => (Role)((byte)_packed >> 1);

        public bool HasTags => (_packed & 1) != 0;
    }
}
