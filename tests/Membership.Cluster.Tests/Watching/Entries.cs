using System.Collections.Immutable;
using Membership.Events;

namespace Membership.Cluster.Tests.Watching;

/// <summary>Events that know their revision and their place in it.</summary>
internal static class Entries
{
    /// <summary>Events behind a revision: so many at each of the next ones.</summary>
    public static ImmutableArray<AppliedEvent> After(ulong revision, params IEnumerable<int> eventsOfEach) =>
        [.. eventsOfEach.SelectMany((count, i) => Enumerable.Range(0, count).Select(place => Event(revision + (ulong)i + 1, place)))];

    public static AppliedEvent Event(ulong revision, int place) =>
        new(revision, 0, Actor.System, "system", null, new NodeKeyRotated(new((uint)revision), (uint)place));
}
