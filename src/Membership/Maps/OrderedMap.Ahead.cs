using System.Runtime.CompilerServices;

namespace Membership.Maps;

internal readonly partial struct OrderedMap<TKey, TValue>
{
    /// <summary>
    /// Looks up several keys at once, so that what lies on the way to each of them is near when it is looked up or edited next.
    /// </summary>
    /// <param name="keys">At most <see cref="Prefetch.KeysMax"/>.</param>
    /// <param name="values">The value of each key, or the default if the map does not have it.</param>
    /// <remarks>
    /// One lookup after another waits for memory at each level, and the next cannot begin before: on a large map that is most of what an edit
    /// costs. Here all keys go down a level before any goes further, and what they need next is asked for before it is looked at.
    /// </remarks>
    public void LookAhead(ReadOnlySpan<TKey> keys, Span<TValue?> values)
    {
        values = values[..keys.Length];
        values.Clear();
        if (_root is null || keys.IsEmpty)
            return;
        Cursors cursors = default;
        Span<Node<TKey, TValue>?> nodes = cursors;
        nodes = nodes[..keys.Length];
        nodes.Fill(_root);
        while (nodes[0] is InnerNode<TKey, TValue>)
            GoDown(keys, nodes);
        for (int i = 0; i < nodes.Length; i++)
        {
            ref readonly NodeEntries<TKey, TValue> entries = ref ((LeafNode<TKey, TValue>)nodes[i]!).Entries;
            int at = entries.CountLess(keys[i], out bool found);
            if (found)
                values[i] = entries.SlotAt(at);
        }
    }

    // All leaves are equally deep, so the nodes are of one kind.
    private static void GoDown(ReadOnlySpan<TKey> keys, Span<Node<TKey, TValue>?> nodes)
    {
        for (int i = 0; i < nodes.Length; i++)
        {
            InnerNode<TKey, TValue> inner = (InnerNode<TKey, TValue>)nodes[i]!;
            nodes[i] = inner.ChildAt(inner.IndexFor(keys[i]));
        }

        // In a loop of their own: each may wait until its page is found, and only what stands close together waits at the same time.
        foreach (ref Node<TKey, TValue>? node in nodes)
            Prefetch.Object(ref node);
        foreach (Node<TKey, TValue>? node in nodes)
            node!.PrefetchEntries();
    }

    [InlineArray(Prefetch.KeysMax)]
    private struct Cursors
    {
        private Node<TKey, TValue>? _first;
    }
}
