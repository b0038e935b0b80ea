using System.Collections.Immutable;

namespace Membership.Client;

/// <summary>A page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The items, in the order of the list.</param>
/// <param name="Next">Where to go on; null when nothing was cut off.</param>
public sealed record ListPage<T>(ImmutableArray<T> Items, PageCursor? Next);
