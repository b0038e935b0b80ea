using System.Diagnostics;

namespace Membership.Maps;

/// <summary>A node above the leaves: children in order, each with its bound and its size.</summary>
internal sealed class InnerNode<TKey, TValue> : Node<TKey, TValue>
    where TKey : IComparable<TKey>
{
    private NodeEntries<TKey, Child> _entries;

    /// <summary>A root over the two halves of the former root.</summary>
    public InnerNode(EditMark? owner, Node<TKey, TValue> left, Node<TKey, TValue> right)
        : this(
            owner,
            NodeEntries<TKey, Child>.Pair(left.Bound, new(left), right.Bound, new(right)),
            left.Size + right.Size)
    {
    }

    private InnerNode(EditMark? owner, in NodeEntries<TKey, Child> entries, int size)
        : base(owner)
    {
        _entries = entries;
        Size = size;
    }

    /// <inheritdoc/>
    public override int Count => _entries.Count;

    /// <inheritdoc/>
    public override TKey Bound => _entries.KeyAt(0);

    /// <summary>The index of the child that has <paramref name="key"/> if the map has it.</summary>
    public int IndexFor(TKey key) => _entries.Floor(key);

    /// <summary>The child at an index below <see cref="Count"/>.</summary>
    public Node<TKey, TValue> ChildAt(int index) => _entries.SlotAt(index).Node;

    /// <summary>How many keys are below the children before the one at <paramref name="index"/>.</summary>
    public int SizeBefore(int index) => SizeOf(_entries.InUse[..index]);

    /// <inheritdoc/>
    public override Node<TKey, TValue> Set(ref Insertion<TKey, TValue> insertion, bool last)
    {
        int at = _entries.Floor(insertion.Key);
        Node<TKey, TValue> child = ChildAt(at).Set(ref insertion, last && at == Count - 1);
        InnerNode<TKey, TValue> edited = Owned(insertion.Mark);
        edited.Replace(at, child);
        if (insertion.Right is { } right)
            insertion.Right = edited.InsertAfter(at, right, insertion.Mark, last);
        return edited;
    }

    /// <inheritdoc/>
    public override Node<TKey, TValue>? Remove(TKey key, EditMark? mark, bool last)
    {
        int at = _entries.Floor(key);
        return Removed(at, ChildAt(at).Remove(key, mark, last && at == Count - 1), mark, last);
    }

    /// <inheritdoc/>
    public override Node<TKey, TValue> Balance(ref Node<TKey, TValue>? right, EditMark? mark)
    {
        InnerNode<TKey, TValue> other = (InnerNode<TKey, TValue>)right!;
        int total = Count + other.Count;
        int split = total <= NodeFill.Max ? total : total / 2;
        int size = Size + other.Size;
        if (IsOwnedBy(mark) && other.IsOwnedBy(mark) && NodeEntries<TKey, Child>.TryShift(ref _entries, ref other._entries, split))
        {
            other.Size = SizeOf(other._entries.InUse);
            Size = size - other.Size;
            right = split == total ? null : other;
            return this;
        }

        NodeEntries<TKey, Child> rest = NodeEntries<TKey, Child>.Window(_entries, other._entries, split, total);
        int restSize = SizeOf(rest.InUse);
        right = split == total ? null : new InnerNode<TKey, TValue>(mark, rest, restSize);
        return new InnerNode<TKey, TValue>(
            mark, NodeEntries<TKey, Child>.Window(_entries, other._entries, 0, split), size - restSize);
    }

    /// <inheritdoc/>
    public override void PrefetchEntries() => _entries.PrefetchAll();

    /// <inheritdoc/>
    public override int CheckStructure(bool last)
    {
        Check(Count is >= 1 and <= NodeFill.Max, "inner node has too many children or none");
        Check(last || Count >= NodeFill.Min, "inner node has too few children");
        Check(Size == SizeOf(_entries.InUse), "inner node's size is not its children's");
        int levels = ChildAt(0).CheckStructure(last && Count == 1);
        for (int i = 1; i < Count; i++)
        {
            Check(ChildAt(i).CheckStructure(last && i == Count - 1) == levels, "leaves are not equally deep");
            CheckBound(i);
        }

        for (int i = 0; i < Count; i++)
            Check(_entries.SlotAt(i).Size == ChildAt(i).Size, "noted size of a child is not its own");
        return levels + 1;
    }

    private static int SizeOf(ReadOnlySpan<NodeEntries<TKey, Child>.Entry> children)
    {
        int size = 0;
        foreach (ref readonly NodeEntries<TKey, Child>.Entry child in children)
            size += child.Slot.Size;
        return size;
    }

    private void CheckBound(int index)
    {
        TKey bound = _entries.KeyAt(index);
        Node<TKey, TValue> before = ChildAt(index - 1);
        while (before is InnerNode<TKey, TValue> inner)
            before = inner.ChildAt(inner.Count - 1);
        Check(((LeafNode<TKey, TValue>)before).Entries.InUse[^1].Key.CompareTo(bound) < 0, "bound is not above the keys before");

        Node<TKey, TValue> after = ChildAt(index);
        Check(after is LeafNode<TKey, TValue> || bound.CompareTo(after.Bound) == 0, "inner node's bound is not its parent's");
        while (after is InnerNode<TKey, TValue> inner)
            after = inner.ChildAt(0);
        Check(bound.CompareTo(after.Bound) <= 0, "bound is above the keys after");
    }

    // After a removal below the child at an index, of which this is left, or nothing.
    private InnerNode<TKey, TValue>? Removed(int at, Node<TKey, TValue>? child, EditMark? mark, bool last)
    {
        bool lastChild = at == Count - 1;
        if (child is not null && child.Size == _entries.SlotAt(at).Size)
            return this;
        if (child is null && Count == 1)
            return null;

        InnerNode<TKey, TValue> edited = Owned(mark);
        if (child is null)
        {
            edited.RemoveAt(at);
            return edited;
        }

        edited.Replace(at, child);
        if (child.Count < NodeFill.Min && !(last && lastChild))
            edited.BalanceAt(lastChild ? at - 1 : at, mark);
        return edited;
    }

    private InnerNode<TKey, TValue> Owned(EditMark? mark) =>
        IsOwnedBy(mark) ? this : new(mark, _entries.Copied(), Size);

    // The methods below change this node in place: it has just come from Owned.
    private void Replace(int at, Node<TKey, TValue> child)
    {
        ref Child slot = ref _entries.SlotAt(at);
        Size += child.Size - slot.Size;

        // The same one, most often: a reference that is not written anew need not be looked at by the collector.
        if (slot.Node == child)
            slot.Size = child.Size;
        else
            slot = new(child);
    }

    private void RemoveAt(int at)
    {
        Size -= _entries.SlotAt(at).Size;
        _entries = _entries.Removed(at, reuse: true);
    }

    private InnerNode<TKey, TValue>? InsertAfter(int at, Node<TKey, TValue> child, EditMark? mark, bool last)
    {
        Size += child.Size;
        if (Count < NodeFill.Max)
        {
            _entries = _entries.Inserted(at + 1, child.Bound, new(child), reuse: true);
            return null;
        }

        _entries = _entries.SplitInserted(
            at + 1, child.Bound, new(child), last, reuse: true, out NodeEntries<TKey, Child> right);
        InnerNode<TKey, TValue> sibling = new(mark, right, SizeOf(right.InUse));
        Size -= sibling.Size;
        return sibling;
    }

    private void BalanceAt(int at, EditMark? mark)
    {
        Debug.Assert(at >= 0 && at + 1 < Count, "No right sibling.");
        Node<TKey, TValue>? right = ChildAt(at + 1);
        Node<TKey, TValue> left = ChildAt(at).Balance(ref right, mark);
        _entries.SlotAt(at) = new(left);
        _entries = _entries.Removed(at + 1, reuse: true);
        if (right is not null)
            _entries = _entries.Inserted(at + 1, right.Bound, new(right), reuse: true);
    }

    /// <summary>A child with its size, so that counting the keys before a child touches this node alone.</summary>
    internal struct Child(Node<TKey, TValue> node)
    {
        /// <summary>The child.</summary>
        public readonly Node<TKey, TValue> Node = node;

        /// <summary>How many keys are at or below it.</summary>
        public int Size = node.Size;
    }
}
