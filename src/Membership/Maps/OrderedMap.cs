using System.Diagnostics.CodeAnalysis;

namespace Membership.Maps;

/// <summary>
/// A persistent ordered map: a B+ tree that shares all nodes an edit does not touch with the map it came from.
/// </summary>
/// <remarks>
/// <para>
/// <c>default</c> is the empty map. A map is a value: an edit returns the new map and, done without a mark, leaves the
/// old one as it was. A batch of edits passes one <see cref="EditMark"/> of its own to each of them; nodes that it has
/// created are then changed in place. Within the batch, only the map that the latest edit returned may be used, read
/// or enumerated; maps from before the mark was created stay as they are for ever. Publishing is the caller's act of
/// no longer using the mark.
/// </para>
/// <para>
/// Keys are compared by <see cref="IComparable{T}.CompareTo"/>, which must be a total order; when a value is replaced,
/// the key already there stays. Any number of threads may read a published map; a batch belongs to one thread. A map
/// holds fewer than 2^31 entries.
/// </para>
/// </remarks>
internal readonly partial struct OrderedMap<TKey, TValue>
    where TKey : IComparable<TKey>
{
    private readonly Node<TKey, TValue>? _root;

    private OrderedMap(Node<TKey, TValue>? root) => _root = root;

    /// <summary>The map of no entries.</summary>
    public static OrderedMap<TKey, TValue> Empty => default;

    /// <summary>The number of entries, in constant time.</summary>
    public int Count => _root?.Size ?? 0;

    /// <summary>Whether there are no entries.</summary>
    public bool IsEmpty => _root is null;

    /// <summary>The value of <paramref name="key"/>, if the map has it.</summary>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_root is not null)
        {
            LeafNode<TKey, TValue> leaf = LeafFor(_root, key);
            int at = leaf.Entries.CountLess(key, out bool found);
            if (found)
            {
                value = leaf.Entries.SlotAt(at);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Whether the map has <paramref name="key"/>.</summary>
    public bool ContainsKey(TKey key)
    {
        if (_root is null)
            return false;
        LeafFor(_root, key).Entries.CountLess(key, out bool found);
        return found;
    }

    /// <summary>The map with <paramref name="value"/> at <paramref name="key"/>, inserted or replaced.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its new value.</param>
    /// <param name="mark">
    /// The running batch, whose own nodes are changed in place: this map must not be used by it any more. Null for an
    /// edit on its own.
    /// </param>
    public OrderedMap<TKey, TValue> Set(TKey key, TValue value, EditMark? mark)
    {
        if (_root is null)
            return new(new LeafNode<TKey, TValue>(mark, NodeEntries<TKey, TValue>.Single(key, value)));
        Insertion<TKey, TValue> insertion = new(key, value, mark);
        Node<TKey, TValue> edited = _root.Set(ref insertion, last: true);
        return new(insertion.Right is { } right ? new InnerNode<TKey, TValue>(mark, edited, right) : edited);
    }

    /// <summary>The map without <paramref name="key"/>: this one if it does not have it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="mark">As for <see cref="Set"/>.</param>
    public OrderedMap<TKey, TValue> Remove(TKey key, EditMark? mark) => new(RootOf(_root?.Remove(key, mark, last: true)));

    /// <summary>The entry of the least key, if there is any.</summary>
    public bool TryGetFirst(out KeyValuePair<TKey, TValue> first)
    {
        Node<TKey, TValue>? node = _root;
        while (node is InnerNode<TKey, TValue> inner)
            node = inner.ChildAt(0);
        return TryGetEntry(node, 0, out first);
    }

    /// <summary>The number of keys less than <paramref name="key"/>, in logarithmic time.</summary>
    public int CountLess(TKey key)
    {
        if (_root is null)
            return 0;
        int count = 0;
        Node<TKey, TValue> node = _root;
        while (node is InnerNode<TKey, TValue> inner)
        {
            int at = inner.IndexFor(key);
            count += inner.SizeBefore(at);
            node = inner.ChildAt(at);
        }

        return count + ((LeafNode<TKey, TValue>)node).Entries.CountLess(key, out _);
    }

    /// <summary>
    /// The number of keys from <paramref name="from"/> (included) to <paramref name="to"/> (excluded), in logarithmic
    /// time; 0 if <paramref name="to"/> is the lesser.
    /// </summary>
    public int CountBetween(TKey from, TKey to) => Math.Max(0, CountLess(to) - CountLess(from));

    /// <summary>Checks all rules of the tree. For tests: it visits every entry.</summary>
    /// <exception cref="InvalidOperationException">A rule is broken; the message says which.</exception>
    internal void CheckStructure()
    {
        if (_root is InnerNode<TKey, TValue> { Count: 1 })
            throw new InvalidOperationException("Broken map: root has a single child.");
        if (_root?.CheckStructure(last: true) > NodeFill.MaxInnerLevels + 1)
            throw new InvalidOperationException("Broken map: too many levels.");
    }

    /// <summary>The number of leaves. For tests of how full they are.</summary>
    internal int CountLeaves()
    {
        return CountBelow(_root);

        static int CountBelow(Node<TKey, TValue>? node)
        {
            if (node is not InnerNode<TKey, TValue> inner)
                return node is null ? 0 : 1;
            int count = 0;
            for (int i = 0; i < inner.Count; i++)
                count += CountBelow(inner.ChildAt(i));
            return count;
        }
    }

    // A root has several children, or is a leaf.
    private static Node<TKey, TValue>? RootOf(Node<TKey, TValue>? edited) =>
        edited is InnerNode<TKey, TValue> { Count: 1 } inner ? inner.ChildAt(0) : edited;

    private static LeafNode<TKey, TValue> LeafFor(Node<TKey, TValue> node, TKey key)
    {
        while (node is InnerNode<TKey, TValue> inner)
            node = inner.ChildAt(inner.IndexFor(key));
        return (LeafNode<TKey, TValue>)node;
    }

    private static bool TryGetEntry(Node<TKey, TValue>? leaf, int index, out KeyValuePair<TKey, TValue> entry)
    {
        if (leaf is null)
        {
            entry = default;
            return false;
        }

        ref readonly NodeEntries<TKey, TValue> entries = ref ((LeafNode<TKey, TValue>)leaf).Entries;
        entry = new(entries.KeyAt(index), entries.SlotAt(index));
        return true;
    }
}
