using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Membership.Maps;

internal readonly partial struct OrderedMap<TKey, TValue>
{
    /// <summary>All entries whose key is not less than <paramref name="key"/>, ascending.</summary>
    public Range From(TKey key) => new(_root, key, to: default, bounded: false);

    /// <summary>
    /// All entries from <paramref name="from"/> (included) to <paramref name="to"/> (excluded), ascending; none if
    /// <paramref name="to"/> is the lesser.
    /// </summary>
    public Range Between(TKey from, TKey to) => new(_root, from, to, bounded: true);

    /// <summary>Enumerates all entries, ascending.</summary>
    public Enumerator GetEnumerator() => new(_root);

    /// <summary>Entries of a range of keys, to be used in <c>foreach</c>; nothing is put on the heap.</summary>
    public readonly struct Range
    {
        private readonly Node<TKey, TValue>? _root;
        private readonly TKey _from;
        private readonly TKey? _to;
        private readonly bool _bounded;

        internal Range(Node<TKey, TValue>? root, TKey from, TKey? to, bool bounded)
        {
            _root = root;
            _from = from;
            _to = to;
            _bounded = bounded;
        }

        /// <summary>Enumerates the range from its start.</summary>
        public Enumerator GetEnumerator() => new(_root, _from, _to, _bounded);
    }

    /// <summary>
    /// Enumerates entries, ascending, without allocation. It shows the version of the map that it was made from,
    /// provided that no batch changes nodes of that version in place meanwhile: a batch must finish an enumeration of
    /// its own map before its next edit of it.
    /// </summary>
    /// <remarks>A large value: use it in place, do not copy it.</remarks>
    public struct Enumerator
    {
        private readonly TKey? _to;
        private readonly bool _bounded;
        private LeafNode<TKey, TValue>? _leaf;
        private int _index;
        private int _end;
        private int _depth;
        private Path _path;

        internal Enumerator(Node<TKey, TValue>? root)
        {
            _index = -1;
            if (root is not null)
                Descend(root);
        }

        internal Enumerator(Node<TKey, TValue>? root, TKey from, TKey? to, bool bounded)
        {
            _to = to;
            _bounded = bounded;
            _index = -1;
            if (root is null)
                return;
            Node<TKey, TValue> node = root;
            while (node is InnerNode<TKey, TValue> inner)
                node = Step(inner, inner.IndexFor(from));
            Enter(node);
            _index = _leaf.Entries.CountLess(from, out _) - 1;
        }

        /// <summary>The entry reached; not defined before the first and after the last <see cref="MoveNext"/>.</summary>
        public readonly KeyValuePair<TKey, TValue> Current
        {
            get
            {
                ref readonly NodeEntries<TKey, TValue> entries = ref _leaf!.Entries;
                return new(entries.KeyAt(_index), entries.SlotAt(_index));
            }
        }

        /// <summary>Goes to the next entry.</summary>
        /// <returns>Whether there is one.</returns>
        public bool MoveNext() => ++_index < _end || NextLeaf();

        private bool NextLeaf()
        {
            // A leaf cut short by the upper bound is the last one of the range.
            while (_leaf is not null && _end == _leaf.Count && _depth > 0)
            {
                ref Branch branch = ref _path[_depth - 1];
                if (++branch.Index >= branch.Node.Count)
                {
                    _depth--;
                    continue;
                }

                Descend(branch.Node.ChildAt(branch.Index));
                _index = 0;
                return _end > 0;
            }

            _index = _end;
            return false;
        }

        [MemberNotNull(nameof(_leaf))]
        private void Descend(Node<TKey, TValue> node)
        {
            while (node is InnerNode<TKey, TValue> inner)
                node = Step(inner, 0);
            Enter(node);
        }

        private Node<TKey, TValue> Step(InnerNode<TKey, TValue> inner, int at)
        {
            _path[_depth++] = new() { Node = inner, Index = at };
            return inner.ChildAt(at);
        }

        [MemberNotNull(nameof(_leaf))]
        private void Enter(Node<TKey, TValue> node)
        {
            _leaf = (LeafNode<TKey, TValue>)node;
            _end = _bounded ? _leaf.Entries.CountLess(_to!, out _) : _leaf.Count;
        }
    }

    /// <summary>An inner node on the way to a leaf and the child taken there.</summary>
    private struct Branch
    {
        public InnerNode<TKey, TValue> Node;
        public int Index;
    }

    [InlineArray(NodeFill.MaxInnerLevels)]
    private struct Path
    {
        private Branch _first;
    }
}
