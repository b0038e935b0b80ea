namespace Membership.Client;

/// <summary>A network that was created.</summary>
/// <param name="Network">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Enterprise">The flag.</param>
/// <param name="Managed">Whether it has rules.</param>
public sealed record CreatedNetwork(NetworkId Network, string Name, bool Enterprise, bool Managed);

/// <summary>A network and its name.</summary>
/// <param name="Network">The network.</param>
/// <param name="Name">Its name.</param>
public sealed record NetworkName(NetworkId Network, string Name);

/// <summary>A network and its enterprise flag.</summary>
/// <param name="Network">The network.</param>
/// <param name="Enterprise">The flag.</param>
public sealed record NetworkEnterprise(NetworkId Network, bool Enterprise);

/// <summary>A network and its join rule.</summary>
/// <param name="Network">The network.</param>
/// <param name="JoinRule">Its join rule.</param>
public sealed record NetworkJoinRule(NetworkId Network, JoinRule JoinRule);

/// <summary>A network and its policy.</summary>
/// <param name="Network">The network.</param>
/// <param name="Policy">The policy; null in the answer to a repeated change, when the network is gone or the node no longer in it.</param>
public sealed record PolicyOfNetwork(NetworkId Network, NetworkPolicy? Policy);

/// <summary>A network and its expression policy.</summary>
/// <param name="Network">The network.</param>
/// <param name="Document">The JSON document as it was given; null for none.</param>
public sealed record NetworkExprPolicy(NetworkId Network, string? Document);

/// <summary>An expression policy that was set.</summary>
/// <param name="Network">The network.</param>
/// <param name="Cleared">Whether there is none now.</param>
public sealed record ExprPolicyChange(NetworkId Network, bool Cleared);

/// <summary>How many roles are pre-assigned in a network.</summary>
/// <param name="Network">The network.</param>
/// <param name="Count">So many.</param>
public sealed record PreAssignmentCount(NetworkId Network, uint Count);

/// <summary>A network as lists show it.</summary>
/// <param name="Network">The network; 0 is the backbone.</param>
/// <param name="Name">Its name.</param>
/// <param name="JoinRule">Its join rule.</param>
/// <param name="Enterprise">The flag.</param>
/// <param name="CreatedAt">By cluster time, to the second.</param>
/// <param name="Members">How many; null unless an admin asks.</param>
/// <param name="MaxMembers">0 for no limit.</param>
/// <param name="Description">Empty for none.</param>
/// <param name="Rules">The rules of a managed network; else null.</param>
/// <param name="HasExprPolicy">Whether it has an expression policy.</param>
public sealed record NetworkInfo(
    NetworkId Network,
    string Name,
    JoinRule JoinRule,
    bool Enterprise,
    DateTimeOffset CreatedAt,
    uint? Members,
    uint MaxMembers,
    string Description,
    RuleSet? Rules,
    bool HasExprPolicy);
