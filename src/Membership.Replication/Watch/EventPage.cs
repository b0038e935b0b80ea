using System.Collections.Immutable;
using Membership.Events;

namespace Membership.Replication.Watch;

/// <summary>What a replica holds of the events from some revision on, as far as it was asked for.</summary>
/// <param name="Events">Whole revisions, in order; none when nothing has happened yet.</param>
/// <param name="NextRevision">From where to go on: every selected event below it was on this page or an earlier one.</param>
/// <param name="OldestRevision">
/// Null while the events are there. Else they are gone: this is the oldest revision whose events are held, with all after it.
/// </param>
public sealed record EventPage(ImmutableArray<AppliedEvent> Events, ulong NextRevision, ulong? OldestRevision = null);
