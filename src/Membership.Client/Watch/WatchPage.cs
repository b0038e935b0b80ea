using System.Collections.Immutable;

namespace Membership.Client;

/// <summary>One answer of a replica to <c>watch</c>.</summary>
/// <param name="Events">In order, whole revisions; none when nothing happened in time.</param>
/// <param name="NextRevision">From where to go on.</param>
/// <param name="OldestRevision">Null while the events asked for are there; else they are gone, and this is the oldest revision that is held.</param>
internal sealed record WatchPage(ImmutableArray<WatchedEvent> Events, ulong NextRevision, ulong? OldestRevision);
