using System.Collections.Immutable;

namespace Membership.Client;

/// <summary>What a node hears that became a member.</summary>
/// <param name="Network">The network.</param>
/// <param name="Address">Its address there.</param>
/// <param name="Role">Its role there.</param>
/// <param name="Rules">The network's rules, if it is managed and the node still in it.</param>
/// <param name="ExprPolicy">The network's expression policy as JSON, if there is one and the node still in it.</param>
public sealed record Admission(NetworkId Network, NodeAddress Address, Role Role, RuleSet? Rules, string? ExprPolicy);

/// <summary>A node in a network.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">The node.</param>
public sealed record TargetOfNetwork(NetworkId Network, NodeId Target);

/// <summary>A member and its role.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">The member.</param>
/// <param name="Role">Its role.</param>
public sealed record MemberRole(NetworkId Network, NodeId Target, Role Role);

/// <summary>A member and its tags.</summary>
/// <param name="Network">The network.</param>
/// <param name="Target">The node.</param>
/// <param name="Tags">Its tags in the order given; none for a node that is no member.</param>
public sealed record MemberTags(NetworkId Network, NodeId Target, ImmutableArray<string> Tags);

/// <summary>A network that has another owner.</summary>
/// <param name="Network">The network.</param>
/// <param name="OldOwner">An admin now.</param>
/// <param name="NewOwner">The owner now.</param>
public sealed record OwnershipTransfer(NetworkId Network, NodeId OldOwner, NodeId NewOwner);

/// <summary>A member as lists show it.</summary>
/// <param name="Address">Network and node.</param>
/// <param name="Role">Its role; <see cref="Role.None"/> on the backbone.</param>
/// <param name="Tags">Its tags; none on the backbone.</param>
/// <param name="TaskExec">The node's task-exec flag.</param>
/// <param name="JoinedAt">By cluster time, to the second; on the backbone the registration.</param>
public sealed record MemberInfo(NodeAddress Address, Role Role, ImmutableArray<string> Tags, bool TaskExec, DateTimeOffset JoinedAt);
