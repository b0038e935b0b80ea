namespace Membership.Client;

/// <summary>An invite that was sent.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">Who is invited.</param>
/// <param name="AlreadyInvited">Whether a live invite was there, and nothing changed.</param>
public sealed record SentInvite(NetworkId Network, NodeId Target, bool AlreadyInvited);

/// <summary>An invite that was answered.</summary>
/// <param name="Network">The network.</param>
/// <param name="Admission">What the new member hears; null for a refusal.</param>
public sealed record InviteResponse(NetworkId Network, Admission? Admission);

/// <summary>A pending invite in an inbox.</summary>
/// <param name="Network">The network that it invites to.</param>
/// <param name="Inviter">Who sent it.</param>
/// <param name="CreatedAt">By cluster time, to the second.</param>
public sealed record ReceivedInvite(NetworkId Network, NodeId Inviter, DateTimeOffset CreatedAt);

/// <summary>A pending invite of a network.</summary>
/// <param name="Target">Who is invited.</param>
/// <param name="Inviter">Who sent it.</param>
/// <param name="CreatedAt">By cluster time, to the second.</param>
public sealed record NetworkInvite(NodeId Target, NodeId Inviter, DateTimeOffset CreatedAt);
