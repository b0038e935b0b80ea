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
}
