namespace Membership;

/// <summary>What the state holds about a registered node.</summary>
/// <param name="PublicKey">Its present key.</param>
/// <param name="KeyVersion">1 at registration, one more with each rotation.</param>
/// <param name="ExternalId">0 to 256 UTF-8 bytes; the empty one matches no pre-assignment.</param>
/// <param name="TaskExec">The task-exec flag.</param>
/// <param name="RegisteredAt">Cluster time of registration, Unix ms.</param>
public sealed record Node(PublicKey PublicKey, uint KeyVersion, string ExternalId, bool TaskExec, long RegisteredAt);
