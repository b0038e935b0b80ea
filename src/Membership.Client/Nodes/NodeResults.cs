using System.Collections.Immutable;

namespace Membership.Client;

/// <summary>What registering, or ending a registration, answers.</summary>
/// <param name="Node">The node.</param>
/// <param name="Existing">Whether it was registered before.</param>
public sealed record NodeRegistration(NodeId Node, bool Existing);

/// <summary>A key that was rotated.</summary>
/// <param name="Node">The node.</param>
/// <param name="KeyVersion">The version of the key now in force, 2 or more.</param>
public sealed record RotatedKey(NodeId Node, uint KeyVersion);

/// <summary>A node's external id.</summary>
/// <param name="Node">The node.</param>
/// <param name="ExternalId">0 to 256 UTF-8 bytes.</param>
public sealed record NodeExternalId(NodeId Node, string ExternalId);

/// <summary>A node's task-exec flag.</summary>
/// <param name="Node">The node.</param>
/// <param name="TaskExec">The flag.</param>
public sealed record NodeTaskExec(NodeId Node, bool TaskExec);

/// <summary>A node as the registry shows it.</summary>
/// <param name="Node">The node.</param>
/// <param name="PublicKey">Its present key.</param>
/// <param name="KeyVersion">The key's version.</param>
/// <param name="TaskExec">The task-exec flag.</param>
/// <param name="RegisteredAt">When, by cluster time, to the second.</param>
/// <param name="Networks">Those that the requester may see, ascending, without the backbone.</param>
/// <param name="ExternalId">Null unless the node itself or an admin asks.</param>
public sealed record NodeInfo(
    NodeId Node,
    PublicKey PublicKey,
    uint KeyVersion,
    bool TaskExec,
    DateTimeOffset RegisteredAt,
    ImmutableArray<NetworkId> Networks,
    string? ExternalId);
