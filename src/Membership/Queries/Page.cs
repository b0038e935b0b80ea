using System.Collections.Immutable;

namespace Membership.Queries;

/// <summary>One page of a list.</summary>
/// <typeparam name="TItem">What is listed.</typeparam>
/// <typeparam name="TCursor">What tells where the next page begins.</typeparam>
/// <param name="Items">The items, in the order of the list.</param>
/// <param name="Next">Where to go on; null when nothing was cut off.</param>
public sealed record Page<TItem, TCursor>(ImmutableArray<TItem> Items, TCursor? Next)
    where TCursor : struct;

/// <summary>Takes items until a page is full.</summary>
internal struct PageBuilder<TItem, TCursor>(int? limit)
    where TCursor : struct
{
    private readonly ImmutableArray<TItem>.Builder _items = ImmutableArray.CreateBuilder<TItem>();
    private TCursor? _last;
    private bool _cut;

    /// <summary>Adds an item; false when the page was full before.</summary>
    public bool TryAdd(TItem item, TCursor cursor)
    {
        if (_items.Count == limit)
        {
            _cut = true;
            return false;
        }

        _items.Add(item);
        _last = cursor;
        return true;
    }

    public readonly Page<TItem, TCursor> Build() => new(_items.DrainToImmutable(), _cut ? _last : null);
}
