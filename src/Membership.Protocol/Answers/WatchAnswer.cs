using System.Collections.Immutable;
using Membership.Events;

namespace Membership.Protocol.Answers;

/// <summary>What a watcher hears.</summary>
/// <param name="Events">Events that it may see, in order; none when nothing happened in time.</param>
/// <param name="NextRevision">From where to go on.</param>
/// <param name="OldestRevision">
/// Null while the events asked for are there. Else they are gone, and this is the oldest revision whose events are held: read what is
/// watched anew, and go on from there.
/// </param>
public sealed record WatchAnswer(ImmutableArray<AppliedEvent> Events, ulong NextRevision, ulong? OldestRevision = null);
