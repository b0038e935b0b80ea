namespace Membership;

/// <summary>What the state holds about a pending invite, beside its target and network.</summary>
/// <param name="Inviter">Who sent it.</param>
/// <param name="CreatedAt">Cluster time of its creation, Unix ms.</param>
/// <param name="Arrival">The revision that created it: an inbox is in the order of arrival.</param>
public readonly record struct Invite(NodeId Inviter, long CreatedAt, ulong Arrival);
