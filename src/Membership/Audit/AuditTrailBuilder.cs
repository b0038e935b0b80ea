namespace Membership.Audit;

/// <summary>
/// Keeps the audit records of the states in the making. A page is used again once all its records are dropped, provided that nobody can have seen
/// one of them. One thread at a time.
/// </summary>
internal sealed class AuditTrailBuilder
{
    private readonly Stack<AuditPage> _spare = [];
    private AuditPage[] _pages;
    private int _start;
    private int _end;

    // Somebody may be looking at pages before this place: they are not used again.
    private int _seenEnd;

    // No record is added to pages before this place: others may add to them.
    private int _othersEnd;

    private ulong _first;
    private ulong _next;

    /// <summary>Goes on from a state. Others may do so, too: nothing is added to its own pages.</summary>
    public AuditTrailBuilder(in AuditTrail trail)
    {
        _pages = trail.Pages.ToArray();
        _end = _seenEnd = _othersEnd = _pages.Length;
        (_first, _next) = (trail.First, trail.Next);
    }

    /// <summary>What is kept now.</summary>
    public AuditTrail Trail => new(_pages, _start, _end, _first, _next);

    /// <summary>Copies a record in.</summary>
    /// <param name="number">One more than the last one's; any, for the first.</param>
    /// <param name="revision">The revision within.</param>
    /// <param name="encoded">Its form.</param>
    /// <returns>False when it is of another number.</returns>
    public bool TryAdd(ulong number, ulong revision, ReadOnlySpan<byte> encoded)
    {
        if (_first == _next && number != _next) BeginAt(number);
        if (number != _next || number == ulong.MaxValue) return false;
        if (_end == _othersEnd || !_pages[_end - 1].TryAdd(number, revision, encoded))
            BeginPage(encoded.Length).TryAdd(number, revision, encoded);
        _next++;
        return true;
    }

    /// <summary>Drops the oldest records, so that no more are left than this.</summary>
    public void Trim(int max)
    {
        if (_next - _first <= (ulong)max) return;
        _first = _next - (ulong)max;
        while (_end - _start > 1 && _pages[_start + 1].First <= _first)
        {
            if (_start >= _seenEnd && _pages[_start].Capacity == AuditPage.BytesMax) _spare.Push(_pages[_start]);
            _start++;
        }
    }

    /// <summary>Somebody may look at all that was kept so far, for as long as they like.</summary>
    public void Share() => _seenEnd = _end;

    private void BeginAt(ulong number)
    {
        _first = _next = number;
        _othersEnd = _end;
    }

    private AuditPage BeginPage(int bytes)
    {
        if (_end == _pages.Length) MakeRoom();
        if (bytes > AuditPage.BytesMax || !_spare.TryPop(out var page))
        {
            // Twice the size each time: a state that sees few entries keeps little more than its records.
            var before = _end == _othersEnd ? 0 : _pages[_end - 1].Capacity;
            page = new(Math.Max(bytes, Math.Min(AuditPage.BytesMax, 2 * before)));
        }

        page.Begin(_next);
        return _pages[_end++] = page;
    }

    // Places that are left behind are not used again: a state that somebody has may still name what was there.
    private void MakeRoom()
    {
        var count = _end - _start;
        var pages = new AuditPage[count + (count / 4) + 4];
        _pages.AsSpan(_start, count).CopyTo(pages);
        _pages = pages;
        _seenEnd -= Math.Min(_seenEnd, _start);
        _othersEnd -= Math.Min(_othersEnd, _start);
        (_start, _end) = (0, count);
    }
}
