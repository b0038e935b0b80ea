using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Membership.Maps;
using Membership.State;
using Xunit;

namespace Membership.Tests.Maps;

/// <summary>What concerns several keys of a map at once.</summary>
public sealed class OrderedMapManyKeysTests
{
    [Property(MaxTest = 60)]
    public void Removing_all_below_a_key_agrees_with_removing_each(ushort size, ushort holes, ushort[] cuts, bool marked)
    {
        OrderedMap<ulong, int> published = Filled(size % 1_500, holes);
        KeyValuePair<ulong, int>[] content = [.. Listed(published)];
        EditMark? mark = marked ? new EditMark() : null;
        OrderedMap<ulong, int> map = published;
        IEnumerable<KeyValuePair<ulong, int>> expected = content;
        foreach (ulong cut in cuts.Take(6).Select(cut => (ulong)cut % 1_600))
        {
            map = map.RemoveLess(cut, mark);
            map.CheckStructure();
            expected = [.. expected.Where(entry => entry.Key >= cut)];
            Assert.True(expected.SequenceEqual(Listed(map)));
        }

        Assert.True(content.SequenceEqual(Listed(published)));
        published.CheckStructure();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(97)]
    [InlineData(1_000)]
    public void A_queue_that_drops_its_oldest_together_keeps_its_fill(int batch)
    {
        const int length = 5_000;
        OrderedMap<ulong, int> map = default;
        EditMark mark = new();
        for (ulong tail = 0; tail < 30_000; tail++)
        {
            map = map.Set(tail, (int)tail, mark);
            if (tail % (ulong)batch != 0 || map.Count <= length)
                continue;
            map = map.RemoveLess(tail + 1 - length, mark);
            mark = new();
            Assert.Equal(length, map.Count);
            if (tail % 97 != 0)
                continue;
            map.CheckStructure();
            Assert.InRange(map.CountLeaves(), 1, 3 + (length / (NodeFill.Max / 2)));
        }
    }

    [Property(MaxTest = 200)]
    public void Looking_ahead_finds_what_lookups_find(ushort size, ushort holes, ushort[] sought)
    {
        OrderedMap<ulong, int> map = Filled(size, holes);
        ulong[] keys = [.. sought.Take(Prefetch.KeysMax).Select(key => (ulong)key)];
        int[] values = [.. Enumerable.Repeat(-1, Prefetch.KeysMax)];
        Span<int> room = values;
        map.LookAhead(keys, room);
        for (int i = 0; i < keys.Length; i++)
            Assert.Equal(map.TryGetValue(keys[i], out int value) ? value : 0, values[i]);
        Assert.All(values[keys.Length..], value => Assert.Equal(-1, value));
    }

    [Property(MaxTest = 500)]
    public void Packed_keys_are_ordered_by_their_parts(ushort networkA, ushort networkB, uint a, uint b)
    {
        foreach (ulong scale in new[] { 1UL, 0x1_0000_0001UL })
        {
            JoinKey left = new(new(networkA), a * scale);
            JoinKey right = new(new(networkB), b * scale);
            Assert.Equal(Math.Sign((networkA, a * scale).CompareTo((networkB, b * scale))), Math.Sign(left.CompareTo(right)));
        }

        Assert.Equal(
            Math.Sign((a, networkA).CompareTo((b, networkB))),
            Math.Sign(new NodeNetworkKey(new(a), new(networkA)).CompareTo(new(new(b), new(networkB)))));
    }

    [Theory]
    [InlineData(0UL, ulong.MaxValue)]
    [InlineData(1UL << 63, (1UL << 63) - 1)]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    public void Join_revisions_are_ordered_over_their_whole_range(ulong a, ulong b)
    {
        foreach (ushort network in new ushort[] { 0, 1, ushort.MaxValue })
        {
            Assert.Equal(a.CompareTo(b), Math.Sign(new JoinKey(new(network), a).CompareTo(new(new(network), b))));
            Assert.True(new JoinKey(default, a).CompareTo(new(new(1), b)) < 0);
            Assert.True(new JoinKey(new(ushort.MaxValue), a).CompareTo(new(new(ushort.MaxValue - 1), b)) > 0);
        }
    }

    private static OrderedMap<ulong, int> Filled(int size, ushort holes)
    {
        OrderedMap<ulong, int> map = default;
        EditMark mark = new();
        for (int i = 0; i < size; i++)
            map = map.Set((ulong)i, i + 1, mark);
        for (int i = 0; holes > 0 && i < size; i += 1 + (holes % 7))
            map = map.Remove((ulong)i, mark);
        return map;
    }

    private static List<KeyValuePair<ulong, int>> Listed(in OrderedMap<ulong, int> map)
    {
        List<KeyValuePair<ulong, int>> list = [];
        foreach (KeyValuePair<ulong, int> entry in map)
            list.Add(entry);
        return list;
    }
}
