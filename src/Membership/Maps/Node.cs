namespace Membership.Maps;

/// <summary>A node of an <see cref="OrderedMap{TKey,TValue}"/>: a leaf with values or an inner node with children.</summary>
/// <remarks>
/// A node is immutable, except for the batch whose mark it bears. No node is empty: an edit that would leave one empty
/// drops it.
/// </remarks>
internal abstract class Node<TKey, TValue>
    where TKey : IComparable<TKey>
{
    private readonly EditMark? _owner;

    /// <summary>A node that the batch of <paramref name="owner"/>, if any, may change in place.</summary>
    protected Node(EditMark? owner) => _owner = owner;

    /// <summary>How many keys are at or below this node.</summary>
    public int Size { get; protected set; }

    /// <summary>How many entries the node itself has.</summary>
    public abstract int Count { get; }

    /// <summary>
    /// A key not greater than any at or below this node, and greater than all before it. It is not defined for the
    /// first inner node of a level, which has none before it.
    /// </summary>
    public abstract TKey Bound { get; }

    /// <summary>
    /// Inserts or replaces. If the node has to be split, its new right sibling is left in the insertion.
    /// </summary>
    /// <param name="insertion">What to insert.</param>
    /// <param name="last">The node is the last of its level.</param>
    /// <returns>This node or the one that takes its place.</returns>
    public abstract Node<TKey, TValue> Set(ref Insertion<TKey, TValue> insertion, bool last);

    /// <summary>
    /// Removes a key if it is there; the size of the result tells whether it was. The result may be too empty: the
    /// parent has it balanced.
    /// </summary>
    /// <returns>This node, the one that takes its place, or null if nothing is left.</returns>
    public abstract Node<TKey, TValue>? Remove(TKey key, EditMark? mark, bool last);

    /// <summary>
    /// Evens out the entries of this node and its right sibling (<paramref name="right"/>, of the same level), or
    /// merges them into one if they fit: in place where the batch owns both. Neither may be used any more, but for what comes back.
    /// </summary>
    /// <param name="right">The right sibling; null on return if the two have become one.</param>
    /// <param name="mark">The mark of the running batch.</param>
    /// <returns>The node that takes this one's place.</returns>
    public abstract Node<TKey, TValue> Balance(ref Node<TKey, TValue>? right, EditMark? mark);

    /// <summary>Asks for the memory of the entries.</summary>
    public abstract void PrefetchEntries();

    /// <summary>Checks the node and all below it. For tests.</summary>
    /// <param name="last">The node is the last of its level.</param>
    /// <returns>The number of levels at and below the node.</returns>
    /// <exception cref="InvalidOperationException">A rule of the tree is broken.</exception>
    public abstract int CheckStructure(bool last);

    /// <summary>Whether the batch of <paramref name="mark"/> may change this node in place.</summary>
    protected bool IsOwnedBy(EditMark? mark) => mark is not null && ReferenceEquals(_owner, mark);

    /// <summary>Fails unless <paramref name="holds"/>.</summary>
    protected static void Check(bool holds, string rule)
    {
        if (!holds)
            throw new InvalidOperationException($"Broken map: {rule}.");
    }
}
