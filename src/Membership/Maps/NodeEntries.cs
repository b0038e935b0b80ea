using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Membership.Maps;

/// <summary>
/// The entries of one node: ascending keys, each with a slot (a value in a leaf, a child in an inner node).
/// </summary>
/// <remarks>
/// <para>
/// Keys and slots share one array. Two parallel ones make a search a little faster, but each edit at least a quarter slower:
/// one more array to copy, and one more page of memory to miss.
/// </para>
/// <para>
/// Each editing method returns the edited entries. With <c>reuse</c> it may do so in the same array, and the receiver
/// is then void; without it the receiver's array is left as it is and the result does not share it.
/// </para>
/// </remarks>
internal readonly struct NodeEntries<TKey, TSlot>
    where TKey : IComparable<TKey>
{
    /// <summary>How many entries are in use; the array may be longer.</summary>
    public readonly int Count;

    private readonly Entry[] _array;

    private NodeEntries(Entry[] array, int count)
    {
        _array = array;
        Count = count;
    }

    /// <summary>The entries in use.</summary>
    public ReadOnlySpan<Entry> InUse => _array.AsSpan(0, Count);

    // Unlike a span or an index these check no bounds, and so wait for no length. They need none: an index comes from a search or a loop below
    // Count, and no array is shorter than the Count it was made with.
    private ref Entry First => ref MemoryMarshal.GetArrayDataReference(_array);

    private ref Entry EntryAt(int index)
    {
        Debug.Assert((uint)index < (uint)Count && Count <= _array.Length, "Not an entry in use.");
        return ref Unsafe.Add(ref First, index);
    }

    /// <summary>The key at an index below <see cref="Count"/>.</summary>
    public ref readonly TKey KeyAt(int index) => ref EntryAt(index).Key;

    /// <summary>The slot at an index below <see cref="Count"/>. Only the owner of the array may write through it.</summary>
    public ref TSlot SlotAt(int index) => ref EntryAt(index).Slot;

    /// <summary>One entry in an array of just that length: most sessions' maps never hold more.</summary>
    public static NodeEntries<TKey, TSlot> Single(TKey key, TSlot slot) => new([new(key, slot)], 1);

    /// <summary>Two entries, the first key being the lesser.</summary>
    public static NodeEntries<TKey, TSlot> Pair(TKey key1, TSlot slot1, TKey key2, TSlot slot2) =>
        new([new(key1, slot1), new(key2, slot2)], 2);

    /// <summary>
    /// The index of the greatest key that is not greater than <paramref name="key"/>, or 0 if there is none. The key at
    /// index 0 is never looked at, and the entries must not be empty.
    /// </summary>
    public int Floor(TKey key)
    {
        Debug.Assert(Count > 0 && Count <= _array.Length, "No entries to search.");
        ref Entry first = ref First;
        int low = 0;
        int length = Count;
        while (length > 1)
        {
            int half = length >> 1;
            int order = key.CompareTo(Unsafe.Add(ref first, low + half).Key);

            // Half unless the order is below zero. A branch would be guessed wrong every other time.
            low += half & ~(order >> 31);
            length -= half;
        }

        return low;
    }

    /// <summary>
    /// The number of keys less than <paramref name="key"/>, and whether the key after them equals it. The entries must not be empty.
    /// </summary>
    public int CountLess(TKey key, out bool found)
    {
        int floor = Floor(key);
        int order = KeyAt(floor).CompareTo(key);
        found = order == 0;
        return order < 0 ? floor + 1 : floor;
    }

    /// <summary>Asks for the memory of the entries in use.</summary>
    public void PrefetchAll() => Prefetch.Array(in _array, Count);

    /// <summary>These entries in an array of their own.</summary>
    public NodeEntries<TKey, TSlot> Copied()
    {
        NodeEntries<TKey, TSlot> copy = Allocated(Count, NodeFill.Capacity(Count));
        CopyTo(copy, 0, Count, 0);
        return copy;
    }

    /// <summary>With one more entry at <paramref name="at"/>; there must be room for it.</summary>
    public NodeEntries<TKey, TSlot> Inserted(int at, TKey key, TSlot slot, bool reuse)
    {
        if (!reuse)
            return CopiedWith(0, Count, at, key, slot, NodeFill.Capacity(Count + 1));
        if (Count == _array.Length)
            return CopiedWith(0, Count, at, key, slot, NodeFill.GrownCapacity(Count));
        NodeEntries<TKey, TSlot> grown = new(_array, Count + 1);
        CopyTo(grown, at, Count, at + 1);
        _array[at] = new(key, slot);
        return grown;
    }

    /// <summary>
    /// Full entries split in two to admit one more at <paramref name="at"/>. If the result equals the receiver, the new
    /// entry is alone in <paramref name="right"/> and nothing else has changed.
    /// </summary>
    /// <remarks>
    /// The right half gets its full capacity at once: the batch that splits a node is likely to fill it, and an array
    /// that grows later lies further from its node in memory. Its next copy is of no more than the needed length.
    /// </remarks>
    public NodeEntries<TKey, TSlot> SplitInserted(
        int at, TKey key, TSlot slot, bool last, bool reuse, out NodeEntries<TKey, TSlot> right)
    {
        int keep = NodeFill.SplitAt(at, last);
        if (at >= keep)
        {
            right = CopiedWith(keep, Count, at, key, slot, NodeFill.Max);
            return keep == Count ? this : Truncated(keep, reuse);
        }

        right = Allocated(Count - keep, NodeFill.Max);
        CopyTo(right, keep, Count, 0);
        return reuse
            ? Truncated(keep, reuse).Inserted(at, key, slot, reuse)
            : CopiedWith(0, keep, at, key, slot, NodeFill.Capacity(keep + 1));
    }

    /// <summary>Without the entry at <paramref name="at"/>.</summary>
    public NodeEntries<TKey, TSlot> Removed(int at, bool reuse)
    {
        NodeEntries<TKey, TSlot> rest = reuse
            ? new(_array, Count - 1)
            : Allocated(Count - 1, NodeFill.Capacity(Count - 1));
        if (!reuse)
            CopyTo(rest, 0, at, 0);
        CopyTo(rest, at + 1, Count, at);
        if (reuse)
            ClearFrom(Count - 1);
        return rest;
    }

    /// <summary>
    /// The entries <paramref name="start"/> up to <paramref name="end"/> of <paramref name="left"/> followed by
    /// <paramref name="right"/>, in an array of their own.
    /// </summary>
    public static NodeEntries<TKey, TSlot> Window(
        in NodeEntries<TKey, TSlot> left, in NodeEntries<TKey, TSlot> right, int start, int end)
    {
        NodeEntries<TKey, TSlot> window = Allocated(end - start, NodeFill.Capacity(end - start));
        int fromLeft = Math.Max(0, Math.Min(end, left.Count) - start);
        if (fromLeft > 0)
            left.CopyTo(window, start, start + fromLeft, 0);
        if (end > left.Count)
            right.CopyTo(window, start + fromLeft - left.Count, end - left.Count, fromLeft);
        return window;
    }

    /// <summary>
    /// Moves entries between two neighbours, each in its own array, until the left one has so many. Without room for them nothing is changed.
    /// </summary>
    /// <param name="left">The lesser keys; the receiver of the result.</param>
    /// <param name="right">The greater keys; likewise. It may be left with none.</param>
    /// <param name="leftCount">Entries of the left one then.</param>
    /// <returns>Whether there was room.</returns>
    public static bool TryShift(ref NodeEntries<TKey, TSlot> left, ref NodeEntries<TKey, TSlot> right, int leftCount)
    {
        Debug.Assert(left._array != right._array, "Neighbours have arrays of their own.");
        int rightCount = left.Count + right.Count - leftCount;
        if (leftCount > left._array.Length || rightCount > right._array.Length)
            return false;
        int moved = leftCount - left.Count;
        if (moved >= 0)
        {
            right.CopyTo(left, 0, moved, left.Count);
            right.CopyTo(right, moved, right.Count, 0);
            right.ClearFrom(rightCount);
        }
        else
        {
            right.CopyTo(right, 0, right.Count, -moved);
            left.CopyTo(right, leftCount, left.Count, 0);
            left.ClearFrom(leftCount);
        }

        left = new(left._array, leftCount);
        right = new(right._array, rightCount);
        return true;
    }

    private static NodeEntries<TKey, TSlot> Allocated(int count, int capacity) =>
        new(new Entry[capacity], count);

    private void CopyTo(in NodeEntries<TKey, TSlot> target, int start, int end, int at) =>
        _array.AsSpan(start, end - start).CopyTo(target._array.AsSpan(at));

    private NodeEntries<TKey, TSlot> CopiedWith(int start, int end, int at, TKey key, TSlot slot, int capacity)
    {
        NodeEntries<TKey, TSlot> copy = Allocated(end - start + 1, capacity);
        CopyTo(copy, start, at, 0);
        CopyTo(copy, at, end, at - start + 1);
        copy._array[at - start] = new(key, slot);
        return copy;
    }

    private NodeEntries<TKey, TSlot> Truncated(int count, bool reuse)
    {
        if (reuse)
        {
            ClearFrom(count);
            return new(_array, count);
        }

        NodeEntries<TKey, TSlot> copy = Allocated(count, NodeFill.Capacity(count));
        CopyTo(copy, 0, count, 0);
        return copy;
    }

    // What a node no longer holds must not be kept from the collector.
    private void ClearFrom(int count)
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<Entry>())
            _array.AsSpan(count, Count - count).Clear();
    }

    /// <summary>A key with its slot.</summary>
    internal struct Entry(TKey key, TSlot slot)
    {
        /// <summary>The key.</summary>
        public readonly TKey Key = key;

        /// <summary>The value or child.</summary>
        public TSlot Slot = slot;
    }
}
