namespace Membership;

/// <summary>
/// What stands in the state instead of a token: a random salt and a keyed hash over salt and token. Made before proposing; the
/// state machine never sees a token.
/// </summary>
/// <param name="Salt">16 random bytes.</param>
/// <param name="Mac">32 bytes: BLAKE2b-256, keyed with the cluster's secret, over the salt and the token's UTF-8 bytes.</param>
/// <remarks>Source: command specification, section 5, tokens.</remarks>
public readonly record struct TokenVerifier(Salt Salt, TokenMac Mac);

/// <summary>A verifier with its version: the revision that set it, which therefore never repeats.</summary>
/// <param name="Version">The revision that set it.</param>
/// <param name="Verifier">Salt and hash.</param>
public readonly record struct VersionedVerifier(ulong Version, TokenVerifier Verifier);

/// <summary>What a joining node's replica computed from the token it was given, and against which version.</summary>
/// <param name="Version">The version of the verifier whose salt was used.</param>
/// <param name="Mac">The keyed hash over that salt and the token given.</param>
public sealed record TokenProof(ulong Version, TokenMac Mac);
