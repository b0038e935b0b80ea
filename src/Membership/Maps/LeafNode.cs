namespace Membership.Maps;

/// <summary>A node of the lowest level: keys with their values.</summary>
internal sealed class LeafNode<TKey, TValue> : Node<TKey, TValue>
    where TKey : IComparable<TKey>
{
    private NodeEntries<TKey, TValue> _entries;

    /// <summary>A leaf of entries that nothing else refers to.</summary>
    public LeafNode(EditMark? owner, in NodeEntries<TKey, TValue> entries)
        : base(owner)
    {
        _entries = entries;
        Size = entries.Count;
    }

    /// <summary>The keys and values.</summary>
    public ref readonly NodeEntries<TKey, TValue> Entries => ref _entries;

    /// <inheritdoc/>
    public override int Count => _entries.Count;

    /// <inheritdoc/>
    public override TKey Bound => _entries.KeyAt(0);

    /// <inheritdoc/>
    public override Node<TKey, TValue> Set(ref Insertion<TKey, TValue> insertion, bool last)
    {
        bool owned = IsOwnedBy(insertion.Mark);
        int at = _entries.CountLess(insertion.Key, out bool found);
        if (found)
        {
            LeafNode<TKey, TValue> leaf = owned ? this : new(insertion.Mark, _entries.Copied());
            leaf._entries.SlotAt(at) = insertion.Value;
            return leaf;
        }

        if (_entries.Count == NodeFill.Max)
            return Split(at, ref insertion, last, owned);
        return Become(_entries.Inserted(at, insertion.Key, insertion.Value, owned), insertion.Mark, owned);
    }

    /// <inheritdoc/>
    public override Node<TKey, TValue>? Remove(TKey key, EditMark? mark, bool last)
    {
        int at = _entries.CountLess(key, out bool found);
        if (!found)
            return this;
        if (_entries.Count == 1)
            return null;
        bool owned = IsOwnedBy(mark);
        return Become(_entries.Removed(at, owned), mark, owned);
    }

    /// <inheritdoc/>
    public override Node<TKey, TValue> Balance(ref Node<TKey, TValue>? right, EditMark? mark)
    {
        LeafNode<TKey, TValue> other = (LeafNode<TKey, TValue>)right!;
        int total = Count + other.Count;
        int split = total <= NodeFill.Max ? total : total / 2;
        if (IsOwnedBy(mark) && other.IsOwnedBy(mark) && NodeEntries<TKey, TValue>.TryShift(ref _entries, ref other._entries, split))
        {
            Size = split;
            other.Size = total - split;
            right = split == total ? null : other;
            return this;
        }

        right = split == total
            ? null
            : new LeafNode<TKey, TValue>(mark, NodeEntries<TKey, TValue>.Window(_entries, other._entries, split, total));
        return new LeafNode<TKey, TValue>(mark, NodeEntries<TKey, TValue>.Window(_entries, other._entries, 0, split));
    }

    /// <inheritdoc/>
    public override void PrefetchEntries() => _entries.PrefetchAll();

    /// <inheritdoc/>
    public override int CheckStructure(bool last)
    {
        Check(Count is >= 1 and <= NodeFill.Max, "leaf holds too many entries or none");
        Check(last || Count >= NodeFill.Min, "leaf holds too few entries");
        Check(Size == Count, "leaf has another size than entries");
        for (int i = 1; i < Count; i++)
            Check(_entries.KeyAt(i - 1).CompareTo(_entries.KeyAt(i)) < 0, "keys of a leaf do not ascend");
        return 1;
    }

    private LeafNode<TKey, TValue> Split(int at, ref Insertion<TKey, TValue> insertion, bool last, bool owned)
    {
        NodeEntries<TKey, TValue> left =
            _entries.SplitInserted(at, insertion.Key, insertion.Value, last, owned, out NodeEntries<TKey, TValue> right);
        insertion.Right = new LeafNode<TKey, TValue>(insertion.Mark, right);
        return left.Count == Count ? this : Become(left, insertion.Mark, owned);
    }

    private LeafNode<TKey, TValue> Become(in NodeEntries<TKey, TValue> edited, EditMark? mark, bool owned)
    {
        if (!owned)
            return new(mark, edited);
        _entries = edited;
        Size = edited.Count;
        return this;
    }
}
