using Membership.State;

namespace Membership;

/// <summary>What the digest of every replica's state has to be at one applied index.</summary>
/// <param name="Index">The applied index.</param>
/// <param name="Digest">The digest of the leader's state then.</param>
public readonly record struct StateCheckpoint(long Index, StateDigest Digest);
