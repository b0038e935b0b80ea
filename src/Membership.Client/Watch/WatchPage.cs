using System.Collections.Immutable;

namespace Membership.Client;

/// <summary>What a watcher hears at once.</summary>
/// <param name="Events">In order; none when nothing happened in time.</param>
/// <param name="NextRevision">From where to go on after a break; keep it.</param>
/// <param name="OldestRevision">
/// Null while the events asked for are there. Else they are gone, and this is the oldest revision whose events are held: read what is
/// watched anew, then watch from after the revision of that reading.
/// </param>
public sealed record WatchPage(ImmutableArray<WatchedEvent> Events, ulong NextRevision, ulong? OldestRevision);

/// <summary>Something that happened.</summary>
/// <param name="Revision">The revision that yielded it; several events may share one.</param>
/// <param name="Time">Cluster time.</param>
/// <param name="Actor">Who asked, such as <c>node:5</c>.</param>
/// <param name="ActorRole">As what.</param>
/// <param name="RequestId">The request; null for the sweep of expired invites.</param>
/// <param name="Action">Such as <c>network.joined</c>.</param>
/// <param name="Attributes">Name to value: <see cref="ulong"/>, <see cref="bool"/>, <see cref="string"/> or a list of these.</param>
public sealed record WatchedEvent(
    ulong Revision,
    DateTimeOffset Time,
    string Actor,
    string ActorRole,
    RequestId? RequestId,
    string Action,
    IReadOnlyDictionary<string, object> Attributes);
