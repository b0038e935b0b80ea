using Membership.Maps;

namespace Membership.State;

/// <summary>The ranges of keys that belong together: from the first, included, to the last, excluded.</summary>
internal static class Ranges
{
    public static (MemberKey From, MemberKey To) Members(NetworkId network) =>
        (new(network, default), new(network, new(uint.MaxValue)));

    public static (JoinKey From, JoinKey To) ByJoin(NetworkId network) =>
        (new(network, 0), new(network, ulong.MaxValue));

    public static (PreAssignmentKey From, PreAssignmentKey To) PreAssignments(NetworkId network) =>
        (new(network.Value, ""), new(network.Value + 1, ""));

    public static (NodeNetworkKey From, NodeNetworkKey To) OfNode(NodeId node) =>
        (new(node, default), new(new(node.Value + 1), default));

    public static (InboxKey From, InboxKey To) Inbox(NodeId target, long since) =>
        (new(target, since, 0), new(target, long.MaxValue, ulong.MaxValue));

    public static (SentKey From, SentKey To) SentBy(NodeId inviter, NetworkId network) =>
        (new(inviter, network, default), new(inviter, network, new(uint.MaxValue)));

    public static (SentKey From, SentKey To) SentBy(NodeId inviter) =>
        (new(inviter, default, default), new(inviter, new(ushort.MaxValue), new(uint.MaxValue)));

    public static (KeyVersionKey From, KeyVersionKey To) FormerKeys(NodeId node) =>
        (new(node, 0), new(node, uint.MaxValue));

    /// <summary>A copy of a range, so that it can be changed while it is walked. Most are empty, and cost nothing.</summary>
    public static KeyValuePair<TKey, TValue>[] Listed<TKey, TValue>(
        this OrderedMap<TKey, TValue> map, (TKey From, TKey To) range)
        where TKey : IComparable<TKey>
    {
        if (map.IsEmpty) return [];
        List<KeyValuePair<TKey, TValue>>? list = null;
        foreach (var item in map.Between(range.From, range.To)) (list ??= []).Add(item);
        return list is null ? [] : [.. list];
    }
}
