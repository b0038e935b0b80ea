using System.Collections.Immutable;
using Membership.Maps;

namespace Membership.State;

/// <summary>
/// The members of all networks. Few have tags: kept apart, they leave the large map without references, which the collector would have to
/// follow for each of a million members.
/// </summary>
internal readonly struct MemberMap
{
    private readonly OrderedMap<MemberKey, Row> _rows;
    private readonly OrderedMap<MemberKey, ImmutableArray<string>> _tags;

    private MemberMap(in OrderedMap<MemberKey, Row> rows, in OrderedMap<MemberKey, ImmutableArray<string>> tags)
    {
        _rows = rows;
        _tags = tags;
    }

    public int Count => _rows.Count;

    public bool ContainsKey(MemberKey key) => _rows.ContainsKey(key);

    public int CountBetween(MemberKey from, MemberKey to) => _rows.CountBetween(from, to);

    public bool TryGetValue(MemberKey key, out Member member)
    {
        var found = _rows.TryGetValue(key, out var row);
        member = found ? Joined(key, row) : default;
        return found;
    }

    public MemberMap Set(MemberKey key, in Member member, EditMark? mark)
    {
        var had = _rows.TryGetValue(key, out var old) && old.HasTags;
        var has = member.Tags.Length > 0;
        var rows = _rows.Set(key, new(member.JoinedAt, member.JoinRevision, member.Role, has), mark);
        return new(rows, has ? _tags.Set(key, member.Tags, mark) : had ? _tags.Remove(key, mark) : _tags);
    }

    public MemberMap Remove(MemberKey key, EditMark? mark)
    {
        var had = _rows.TryGetValue(key, out var old) && old.HasTags;
        return new(_rows.Remove(key, mark), had ? _tags.Remove(key, mark) : _tags);
    }

    /// <summary>All, ascending.</summary>
    public IEnumerator<KeyValuePair<MemberKey, Member>> GetEnumerator()
    {
        foreach (var (key, row) in _rows) yield return new(key, Joined(key, row));
    }

    /// <summary>Those of a range, ascending.</summary>
    public IEnumerable<KeyValuePair<MemberKey, Member>> Between(MemberKey from, MemberKey to)
    {
        foreach (var (key, row) in _rows.Between(from, to)) yield return new(key, Joined(key, row));
    }

    /// <summary>A copy of those of a network, so that they can be changed while it is walked.</summary>
    public List<KeyValuePair<MemberKey, Member>> Listed((MemberKey From, MemberKey To) range) => [.. Between(range.From, range.To)];

    private Member Joined(MemberKey key, in Row row)
    {
        ImmutableArray<string> tags = [];
        if (row.HasTags) _tags.TryGetValue(key, out tags);
        return new(row.Role, row.JoinedAt, row.JoinRevision, tags);
    }

    private readonly record struct Row(long JoinedAt, ulong JoinRevision, Role Role, bool HasTags);
}
