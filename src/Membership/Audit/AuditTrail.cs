namespace Membership.Audit;

/// <summary>The last audit records of a state, by their numbers, which have no gaps. <c>default</c> has none.</summary>
/// <remarks>
/// Pages, and the array of them, are shared with the states that follow: what is added later stands behind all that this one looks at.
/// Thread-safe: immutable as far as it can be seen.
/// </remarks>
internal readonly struct AuditTrail
{
    private readonly AuditPage[]? _pages;
    private readonly int _start;
    private readonly int _end;

    /// <param name="pages">Holds the pages.</param>
    /// <param name="start">The place of the page of the first record.</param>
    /// <param name="end">The place after the page of the last record.</param>
    /// <param name="first">The number of the first record.</param>
    /// <param name="next">The number after the last record's.</param>
    public AuditTrail(AuditPage[] pages, int start, int end, ulong first, ulong next) =>
        (_pages, _start, _end, First, Next) = (pages, start, end, first, next);

    /// <summary>The number of the first record, if there is one.</summary>
    public ulong First { get; }

    /// <summary>The number after the last record's, if there is one.</summary>
    public ulong Next { get; }

    /// <summary>The number of records.</summary>
    public int Count => (int)(Next - First);

    /// <summary>The pages with a record of this trail, in order.</summary>
    public ReadOnlySpan<AuditPage> Pages => _pages.AsSpan(_start, _end - _start);

    /// <summary>The record of a number, if it is there.</summary>
    public bool TryGet(ulong number, out AuditRecord record)
    {
        var isThere = number >= First && number < Next;
        record = isThere ? _pages![PageOf(number)][number] : default;
        return isThere;
    }

    /// <summary>The records of this number and those after it, with their numbers.</summary>
    public IEnumerable<KeyValuePair<ulong, AuditRecord>> From(ulong number)
    {
        number = Math.Max(number, First);
        if (number >= Next) yield break;
        for (var at = PageOf(number); at < _end; at++)
        {
            var page = _pages![at];
            var next = at + 1 < _end ? _pages[at + 1].First : Next;
            for (; number < next; number++) yield return new(number, page[number]);
        }
    }

    /// <summary>All records with their numbers.</summary>
    public IEnumerator<KeyValuePair<ulong, AuditRecord>> GetEnumerator() => From(First).GetEnumerator();

    // The last page that does not begin behind the number.
    private int PageOf(ulong number)
    {
        var (low, high) = (_start, _end);
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (_pages![middle].First <= number) low = middle;
            else high = middle;
        }

        return low;
    }
}
