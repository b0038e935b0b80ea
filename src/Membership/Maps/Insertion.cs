namespace Membership.Maps;

/// <summary>What one insertion carries down the tree, and the split that it brings back up.</summary>
internal ref struct Insertion<TKey, TValue>(TKey key, TValue value, EditMark? mark)
    where TKey : IComparable<TKey>
{
    /// <summary>The key to insert, or whose value to replace.</summary>
    public readonly TKey Key = key;

    /// <summary>Its new value.</summary>
    public readonly TValue Value = value;

    /// <summary>The mark of the running batch, if any.</summary>
    public readonly EditMark? Mark = mark;

    /// <summary>The right sibling that the node just visited has split off, which its parent has to take in.</summary>
    public Node<TKey, TValue>? Right;
}
