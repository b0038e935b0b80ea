namespace Membership.Maps;

/// <summary>How full the nodes of an <see cref="OrderedMap{TKey,TValue}"/> may and must be, in entries.</summary>
internal static class NodeFill
{
    /// <summary>A node holds no more entries than this.</summary>
    /// <remarks>
    /// Small enough that copying a path is cheap (a batch copies most leaves it touches for a single change), large
    /// enough that a million entries are four levels deep.
    /// </remarks>
    public const int Max = 32;

    /// <summary>A node holds no fewer entries than this, unless it is the last of its level.</summary>
    /// <remarks>
    /// A quarter rather than a half, so that a node just split or balanced is many removals away from the next merge.
    /// The last node of a level is exempt: an appending map then has full nodes, and one drained from its end drops
    /// empty nodes without moving anything. One exempt edge does not hurt the height, because the root's first child
    /// is never on it; two exempt edges would.
    /// </remarks>
    public const int Min = Max / 4;

    /// <summary>
    /// No path from the root to a leaf has more inner nodes than this: below the root's first child each level has at
    /// least <see cref="Min"/> times as many entries, and a map has fewer than 2^31.
    /// </summary>
    public const int MaxInnerLevels = 10;

    /// <summary>
    /// How many entries stay in the left half when a full node is split to admit an entry at <paramref name="at"/>.
    /// </summary>
    /// <param name="at">Where the new entry belongs, from 0 to <see cref="Max"/>.</param>
    /// <param name="last">The node is the last of its level.</param>
    /// <remarks>
    /// Keys often arrive in order, over the whole map or within a group of it, so a split at either end leaves the
    /// side that will see no more inserts as full as the fill rule allows.
    /// </remarks>
    public static int SplitAt(int at, bool last) => at switch
    {
        Max => last ? Max : Max - Min,
        0 => Min,
        _ => Max / 2,
    };

    /// <summary>The capacity of a new array for <paramref name="count"/> entries that may soon grow a little.</summary>
    public static int Capacity(int count) => count <= 2 ? count : Math.Min(Max, (count + 3) & ~3);

    /// <summary>The capacity to grow to when an array of <paramref name="count"/> entries is full.</summary>
    public static int GrownCapacity(int count) => Math.Min(Max, count * 2);
}
