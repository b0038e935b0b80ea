namespace Membership.Events;

/// <summary>An event with when and by whom it came about.</summary>
/// <param name="Revision">The revision of the mutation or sweep that yielded it; several events may share one.</param>
/// <param name="Time">Cluster time, Unix ms.</param>
/// <param name="Actor">Who asked.</param>
/// <param name="ActorRole">
/// As what: <c>admin</c> or <c>owner</c> or <c>member</c> where a role in the network counted, else <c>node</c>, <c>key</c>,
/// <c>admin</c> or <c>system</c>.
/// </param>
/// <param name="RequestId">The request; null for the sweep.</param>
/// <param name="Event">What happened.</param>
public sealed record AppliedEvent(
    ulong Revision, long Time, Actor Actor, string ActorRole, RequestId? RequestId, Event Event);
