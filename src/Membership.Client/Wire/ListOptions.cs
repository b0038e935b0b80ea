namespace Membership.Client;

/// <summary>Which part of a list, and how fresh.</summary>
public sealed record ListOptions : QueryOptions
{
    /// <summary>The most that one page may have.</summary>
    public const int LimitMax = 1000;

    /// <summary>At most so many items, 1 to <see cref="LimitMax"/>; null for the whole list, if it fits an answer.</summary>
    public int? Limit { get; init; }

    /// <summary>Where the page before ended; null for the start.</summary>
    public PageCursor? After { get; init; }

    internal override void Write(RequestWriter fields)
    {
        base.Write(fields);
        fields.Write("limit", (ulong?)Limit).Write("after", After);
    }
}
