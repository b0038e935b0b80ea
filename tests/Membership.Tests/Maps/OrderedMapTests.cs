using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Membership.Maps;
using Xunit;

namespace Membership.Tests.Maps;

public sealed class OrderedMapTests
{
    [Property(MaxTest = 300, Arbitrary = [typeof(Steps)])]
    public void Any_sequence_of_edits_agrees_with_the_oracle_and_leaves_published_versions_alone(Step[] steps)
    {
        Versions versions = new();
        foreach (Step step in steps)
        {
            versions.Take(step);
            versions.Map.CheckStructure();
            Assert.Equal(versions.Oracle.Count, versions.Map.Count);
        }

        versions.CheckPublished();
    }

    [Property(MaxTest = 100, Arbitrary = [typeof(Steps)])]
    public void Queries_agree_with_the_oracle(Step[] steps, NonNegativeInt a, NonNegativeInt b)
    {
        Versions versions = new();
        foreach (Step step in steps)
            versions.Take(step);
        OrderedMap<ulong, int> map = versions.Map;
        ImmutableSortedDictionary<ulong, int> oracle = versions.Oracle;

        ulong[] probes =
        [
            0, 1, ulong.MaxValue, (ulong)a.Get, (ulong)b.Get,
            .. oracle.Keys.Where((_, i) => i % 29 == 0).SelectMany(key => new[] { key - 1, key, key + 1 }),
        ];
        foreach (ulong from in probes)
        {
            Assert.Equal(oracle.ContainsKey(from), map.ContainsKey(from));
            Assert.Equal(oracle.TryGetValue(from, out int expected), map.TryGetValue(from, out int value));
            Assert.Equal(expected, value);
            Assert.Equal(oracle.Keys.Count(key => key < from), map.CountLess(from));
            Assert.Equal(oracle.Where(entry => entry.Key >= from), Listed(map.From(from)));
        }

        foreach ((ulong from, ulong to) in probes.Zip(probes.Reverse()).Concat(probes.Zip(probes.Skip(1))))
        {
            KeyValuePair<ulong, int>[] expected = [.. oracle.Where(entry => entry.Key >= from && entry.Key < to)];
            Assert.Equal(expected, Listed(map.Between(from, to)));
            Assert.Equal(expected.Length, map.CountBetween(from, to));
        }

        Assert.Equal(!oracle.IsEmpty, map.TryGetFirst(out KeyValuePair<ulong, int> first));
        Assert.Equal(oracle.FirstOrDefault(), first);
    }

    [Fact]
    public void The_default_map_is_empty_and_answers_every_query()
    {
        OrderedMap<ulong, int> map = default;

        Assert.True(map.IsEmpty);
        Assert.Equal(0, map.Count);
        Assert.False(map.ContainsKey(1));
        Assert.False(map.TryGetValue(1, out _));
        Assert.False(map.TryGetFirst(out _));
        Assert.Equal(0, map.CountLess(ulong.MaxValue));
        Assert.Empty(Listed(map.From(0)));
        Assert.Empty(Listed(map.Between(0, ulong.MaxValue)));
        Assert.Empty(Listed(map));
        Assert.True(map.Remove(1, mark: null).IsEmpty);
        map.CheckStructure();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Removing_an_absent_key_returns_the_same_map_and_copies_nothing(bool marked)
    {
        OrderedMap<ulong, int> map = Filled(5_000, key => key * 2);

        long before = GC.GetAllocatedBytesForCurrentThread();
        EditMark? mark = marked ? new EditMark() : null;
        OrderedMap<ulong, int> same = map.Remove(4_001, mark).Remove(20_000, mark);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100);

        Assert.Equal(map, same);
    }

    [Fact]
    public void A_marked_edit_of_a_published_map_leaves_it_as_it_was()
    {
        OrderedMap<ulong, int> published = Filled(5_000, key => key);
        KeyValuePair<ulong, int>[] content = Listed(published);

        EditMark mark = new();
        OrderedMap<ulong, int> batch = published;
        for (ulong key = 0; key < 5_000; key += 7)
            batch = batch.Set(key, -1, mark).Remove(key + 1, mark).Set(10_000 + key, 1, mark);

        Assert.Equal(content, Listed(published));
        published.CheckStructure();
        batch.CheckStructure();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(NodeFill.Max)]
    public void A_full_last_leaf_stays_as_published_when_an_append_has_split_it(int leaves)
    {
        int count = leaves * NodeFill.Max;
        OrderedMap<ulong, int> published = Filled(count, key => key);
        KeyValuePair<ulong, int>[] content = Listed(published);

        EditMark mark = new();
        OrderedMap<ulong, int> batch = published.Set((ulong)count, 0, mark);
        batch = batch.Set((ulong)count - 1, -1, mark).Remove((ulong)count - 2, mark);

        Assert.Equal(content, Listed(published));
        Assert.Equal(count, batch.Count);
        batch.CheckStructure();
    }

    [Fact]
    public void A_batch_changes_its_own_nodes_in_place()
    {
        EditMark mark = new();
        OrderedMap<ulong, int> map = default;
        for (ulong key = 0; key < 5_000; key++)
            map = map.Set(key, 0, mark);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong key = 0; key < 5_000; key++)
            map = map.Set(key, 1, mark);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100);

        Assert.All(Listed(map), entry => Assert.Equal(1, entry.Value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(int.MaxValue)]
    public void A_map_filled_in_ascending_order_has_full_leaves(int batch)
    {
        const int count = 20_000;
        OrderedMap<ulong, byte> map = default;
        EditMark mark = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong key = 0; key < count; key++)
        {
            if (key % (ulong)batch == 0)
                mark = new();
            map = map.Set(key, 0, mark);
            if (key % 1_000 == 0)
                map.CheckStructure();
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        map.CheckStructure();
        Assert.Equal(Enumerable.Range(0, count).Select(key => (ulong)key), Listed(map).Select(entry => entry.Key));
        Assert.Equal((count + NodeFill.Max - 1) / NodeFill.Max, map.CountLeaves());
        if (batch == int.MaxValue)
            Assert.InRange(allocated / count, 9, 40);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void A_map_filled_in_descending_order_is_sound_and_mostly_full(int batch)
    {
        const int count = 20_000;
        OrderedMap<ulong, int> map = default;
        EditMark mark = new();
        for (ulong key = count; key-- > 0;)
        {
            if (key % (ulong)batch == 0)
                mark = new();
            map = map.Set(key, (int)key, mark);
            if (key % 1_000 == 0)
                map.CheckStructure();
        }

        Assert.Equal(count, map.Count);
        Assert.InRange(map.CountLeaves(), 1, count / (NodeFill.Max * 2 / 3));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(50, 500)]
    [InlineData(1_000, 5_000)]
    public void A_queue_keeps_its_order_and_its_fill(int batch, int length)
    {
        OrderedMap<ulong, int> map = default;
        EditMark mark = new();
        ulong head = 0;
        for (ulong tail = 0; tail < 20_000; tail++)
        {
            if (tail % (ulong)batch == 0)
                mark = new();
            map = map.Set(tail, (int)tail, mark);
            if (map.Count > length)
            {
                Assert.True(map.TryGetFirst(out KeyValuePair<ulong, int> first));
                Assert.Equal(head, first.Key);
                map = map.Remove(head++, mark);
            }

            if (tail % 97 == 0)
                map.CheckStructure();
        }

        Assert.Equal(length, map.Count);
        Assert.InRange(map.CountLeaves(), 1, 3 + (length / (NodeFill.Max / 2)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(7_919)]
    public void Everything_can_be_removed_in_any_order(int stride)
    {
        const int count = 10_000;
        EditMark mark = new();
        OrderedMap<ulong, int> full = Filled(count, key => key);
        OrderedMap<ulong, int> map = full;
        for (int i = 0; i < count; i++)
        {
            if (i % 333 == 0)
                mark = new();
            int key = (int)((((long)i * stride) % count + count) % count);
            map = map.Remove((ulong)key, mark);
            Assert.False(map.ContainsKey((ulong)key));
            if (i % 50 == 0)
                map.CheckStructure();
        }

        Assert.True(map.IsEmpty);
        Assert.Equal(count, full.Count);
        full.CheckStructure();
    }

    [Fact]
    public void A_map_of_one_entry_is_small()
    {
        // The first use of a type allocates for the type.
        OrderedMap<ulong, long> map = OrderedMap<ulong, long>.Empty.Set(1, 1, mark: null);
        long before = GC.GetAllocatedBytesForCurrentThread();
        map = OrderedMap<ulong, long>.Empty.Set(1, 1, mark: null);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 130);

        Assert.Equal([new(1, 1)], Listed(map));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        OrderedMap<ulong, int> map = Filled(5_000, key => key);
        long sum = 0;

        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (KeyValuePair<ulong, int> entry in map)
            sum += entry.Value;
        foreach (KeyValuePair<ulong, int> entry in map.Between(100, 4_000))
            sum += entry.Value;
        foreach (KeyValuePair<ulong, int> entry in map.From(2_500))
            sum += entry.Value;
        sum += map.CountLess(77) + map.CountBetween(5, 4_000) + (map.TryGetValue(9, out int value) ? value : 0);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        Assert.True(sum > 0);
    }

    [Fact]
    public void An_exhausted_enumerator_stays_at_its_end()
    {
        OrderedMap<ulong, int>.Enumerator entries = Filled(100, key => key).Between(10, 60).GetEnumerator();
        for (int i = 0; i < 50; i++)
            Assert.True(entries.MoveNext());
        for (int i = 0; i < 3; i++)
            Assert.False(entries.MoveNext());
    }

    [Property(MaxTest = 100)]
    public void Struct_keys_of_strings_are_ordered_by_their_own_comparison(string[] names, string from, string to)
    {
        OrderedMap<Name, string> map = default;
        SortedDictionary<string, string> oracle = new(StringComparer.Ordinal);
        EditMark mark = new();
        foreach (string name in names.Append(from).Select(name => name ?? "").SelectMany(name => new[] { name, name + "a", "Z" + name }))
        {
            map = map.Set(new(name), name, mark);
            oracle[name] = name;
        }

        map.CheckStructure();
        Assert.Equal(oracle, Listed(map).Select(entry => new KeyValuePair<string, string>(entry.Key.Text, entry.Value)));
        Assert.Equal(
            oracle.Values.Where(name => string.CompareOrdinal(name, from ?? "") >= 0 && string.CompareOrdinal(name, to ?? "") < 0),
            Listed(map.Between(new(from ?? ""), new(to ?? ""))).Select(entry => entry.Value));
    }

    [Fact]
    public void Composite_keys_can_be_enumerated_by_prefix()
    {
        OrderedMap<Joined, int> map = default;
        EditMark mark = new();
        for (int order = 0; order < 200; order++)
        {
            for (ulong network = 0; network < 50; network++)
                map = map.Set(new(network, order), order, mark);
        }

        map.CheckStructure();
        for (ulong network = 0; network < 50; network++)
        {
            OrderedMap<Joined, int>.Range members = map.Between(new(network, 0), new(network + 1, 0));
            Assert.Equal(Enumerable.Range(0, 200), Listed(members).Select(entry => entry.Value));
            Assert.Equal(200, map.CountBetween(new(network, 0), new(network + 1, 0)));
        }

        Assert.InRange(map.CountLeaves(), 1, map.Count / (NodeFill.Max / 2));
    }

    private static OrderedMap<ulong, int> Filled(int count, Func<ulong, ulong> key)
    {
        OrderedMap<ulong, int> map = default;
        EditMark mark = new();
        for (ulong i = 0; i < (ulong)count; i++)
            map = map.Set(key(i), (int)i, mark);
        return map;
    }

    private static KeyValuePair<TKey, TValue>[] Listed<TKey, TValue>(OrderedMap<TKey, TValue> map)
        where TKey : IComparable<TKey>
    {
        List<KeyValuePair<TKey, TValue>> entries = [];
        foreach (KeyValuePair<TKey, TValue> entry in map)
            entries.Add(entry);
        return [.. entries];
    }

    private static KeyValuePair<TKey, TValue>[] Listed<TKey, TValue>(OrderedMap<TKey, TValue>.Range range)
        where TKey : IComparable<TKey>
    {
        List<KeyValuePair<TKey, TValue>> entries = [];
        foreach (KeyValuePair<TKey, TValue> entry in range)
            entries.Add(entry);
        return [.. entries];
    }

    private readonly record struct Name(string Text) : IComparable<Name>
    {
        public int CompareTo(Name other) => string.CompareOrdinal(Text, other.Text);
    }

    private readonly record struct Joined(ulong Network, int Order) : IComparable<Joined>
    {
        public int CompareTo(Joined other) =>
            Network != other.Network ? Network.CompareTo(other.Network) : Order.CompareTo(other.Order);
    }

    public enum StepKind
    {
        Set,
        Remove,
        SetRun,
        RemoveRun,
        PublishAndMark,
        PublishAndUnmark,
    }

    /// <summary>One step of a random sequence. A run edits 400 keys, so that trees of three levels come and go.</summary>
    public sealed record Step(StepKind Kind, int Key, int Stride, int Value);

    private static class Steps
    {
        private const int KeyRange = 4_000;

        public static Arbitrary<Step> Step() => Arb.From(
            from kind in Gen.Frequency(
                (6, Gen.Constant(StepKind.Set)),
                (6, Gen.Constant(StepKind.Remove)),
                (4, Gen.Constant(StepKind.SetRun)),
                (3, Gen.Constant(StepKind.RemoveRun)),
                (3, Gen.Constant(StepKind.PublishAndMark)),
                (1, Gen.Constant(StepKind.PublishAndUnmark)))
            from key in Gen.Choose(0, KeyRange)
            from stride in Gen.Elements(1, -1, 2, 7, 1_009)
            from value in Gen.Choose(0, 1_000_000)
            select new Step(kind, key, stride, value));

        public static IEnumerable<ulong> Run(Step step)
        {
            for (int i = 0; i < 400; i++)
                yield return (ulong)((step.Key + (i * step.Stride) + (400 * KeyRange)) % KeyRange);
        }
    }

    /// <summary>A map under edit beside its oracle, and the versions that were published on the way.</summary>
    private sealed class Versions
    {
        private readonly List<(OrderedMap<ulong, int> Map, ImmutableSortedDictionary<ulong, int> Oracle)> published = [];
        private EditMark? mark = new();

        public OrderedMap<ulong, int> Map { get; private set; }

        public ImmutableSortedDictionary<ulong, int> Oracle { get; private set; } =
            ImmutableSortedDictionary<ulong, int>.Empty;

        public void Take(Step step)
        {
            switch (step.Kind)
            {
                case StepKind.Set:
                    Set((ulong)step.Key, step.Value);
                    break;
                case StepKind.Remove:
                    // Mostly keys that are there: the first one not less than the random one.
                    Remove(Oracle.Keys.FirstOrDefault(key => key >= (ulong)step.Key, (ulong)step.Key));
                    break;
                case StepKind.SetRun:
                    foreach (ulong key in Steps.Run(step))
                        Set(key, step.Value);
                    break;
                case StepKind.RemoveRun:
                    foreach (ulong key in Steps.Run(step))
                        Remove(key);
                    break;
                default:
                    published.Add((Map, Oracle));
                    mark = step.Kind == StepKind.PublishAndMark ? new EditMark() : null;
                    break;
            }

            if (mark is null)
                published.Add((Map, Oracle));
        }

        public void CheckPublished()
        {
            foreach ((OrderedMap<ulong, int> map, ImmutableSortedDictionary<ulong, int> oracle) in published.Append((Map, Oracle)))
            {
                map.CheckStructure();
                Assert.Equal(oracle, Listed(map));
            }
        }

        private void Set(ulong key, int value)
        {
            Map = Map.Set(key, value, mark);
            Oracle = Oracle.SetItem(key, value);
        }

        private void Remove(ulong key)
        {
            Map = Map.Remove(key, mark);
            Oracle = Oracle.Remove(key);
        }
    }
}
