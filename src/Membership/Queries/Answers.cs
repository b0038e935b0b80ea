using System.Collections.Immutable;
using Membership.Audit;

namespace Membership.Queries;

/// <summary>A network as lists show it: never a token, never a verifier.</summary>
/// <param name="Id">The network; 0 is the backbone.</param>
/// <param name="Name">Its name.</param>
/// <param name="JoinRule">Its join rule.</param>
/// <param name="Enterprise">The flag.</param>
/// <param name="CreatedAt">Unix ms; for the backbone the founding of the cluster.</param>
/// <param name="Members">How many; null unless an admin asks.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Rules">The rules of a managed network.</param>
/// <param name="HasExprPolicy">Whether it has an expression policy.</param>
public sealed record NetworkAnswer(
    NetworkId Id,
    string Name,
    JoinRule JoinRule,
    bool Enterprise,
    long CreatedAt,
    int? Members,
    NetworkPolicy Policy,
    RuleSet? Rules,
    bool HasExprPolicy);

/// <summary>A member as lists show it.</summary>
/// <param name="Address">Network and node.</param>
/// <param name="Role">Its role; <see cref="Role.None"/> on the backbone.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="TaskExec">The node's task-exec flag.</param>
/// <param name="JoinedAt">Unix ms; on the backbone the registration.</param>
public sealed record MemberAnswer(NodeAddress Address, Role Role, ImmutableArray<string> Tags, bool TaskExec, long JoinedAt);

/// <summary>A node.</summary>
/// <param name="Id">The node.</param>
/// <param name="PublicKey">Its present key.</param>
/// <param name="KeyVersion">The key's version.</param>
/// <param name="TaskExec">The task-exec flag.</param>
/// <param name="RegisteredAt">Unix ms.</param>
/// <param name="Networks">Ids that the requester may see, ascending, without the backbone.</param>
/// <param name="ExternalId">Null unless the node itself or an admin asks.</param>
public sealed record NodeAnswer(
    NodeId Id,
    PublicKey PublicKey,
    uint KeyVersion,
    bool TaskExec,
    long RegisteredAt,
    ImmutableArray<NetworkId> Networks,
    string? ExternalId);

/// <summary>The role of a member.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">The member.</param>
/// <param name="Role">Its role.</param>
public sealed record RoleAnswer(NetworkId Network, NodeId Target, Role Role);

/// <summary>The tags of one member, or of every member of a network.</summary>
/// <param name="Node">The member.</param>
/// <param name="Tags">Its tags; none for a node that is no member.</param>
public sealed record TagsAnswer(NodeId Node, ImmutableArray<string> Tags);

/// <summary>A pending invite in an inbox.</summary>
/// <param name="Network">The network that it invites to.</param>
/// <param name="Inviter">Who sent it.</param>
/// <param name="CreatedAt">Unix ms.</param>
public sealed record InboxAnswer(NetworkId Network, NodeId Inviter, long CreatedAt);

/// <summary>A pending invite of a network.</summary>
/// <param name="Target">Who is invited.</param>
/// <param name="Inviter">Who sent it.</param>
/// <param name="CreatedAt">Unix ms.</param>
public sealed record InviteAnswer(NodeId Target, NodeId Inviter, long CreatedAt);

/// <summary>An expression policy.</summary>
/// <param name="Document">The document byte for byte; null when there is none.</param>
public sealed record ExprPolicyAnswer(ReadOnlyMemory<byte>? Document);

/// <summary>Pre-assigned roles.</summary>
/// <param name="Roles">By external id in folded form.</param>
/// <param name="Next">The external id to go on after; null when nothing was cut off.</param>
public sealed record PreAssignmentsAnswer(ImmutableArray<PreAssignment> Roles, string? Next);

/// <summary>Audit records.</summary>
/// <param name="Records">By number, ascending.</param>
/// <param name="Next">The number to go on after; null when nothing was cut off.</param>
/// <param name="OldestRevision">The revision of the oldest record that is held; 0 when there is none.</param>
public sealed record AuditAnswer(ImmutableArray<AuditEntry> Records, ulong? Next, ulong OldestRevision);
