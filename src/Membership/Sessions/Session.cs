using Membership.Maps;

namespace Membership.Sessions;

/// <summary>What the state holds about one client of one actor: the outcomes that it has not settled, and when it was last used.</summary>
/// <param name="MinSequence">The least sequence above the floor; 0 while there is no floor.</param>
/// <param name="LastUse">Cluster time of the last use, Unix ms.</param>
/// <param name="LastUseRevision">Revision of the last use; unique.</param>
/// <param name="GreatestIssuedAt">The greatest <c>issued_at</c> of its requests, Unix ms; 0 when none was signed.</param>
/// <param name="Outcomes">By sequence, all above the floor.</param>
internal sealed record Session(
    ulong MinSequence, long LastUse, ulong LastUseRevision, long GreatestIssuedAt, OrderedMap<ulong, StoredOutcome> Outcomes)
{
    /// <summary>The last cluster time at which the session is still there, Unix ms.</summary>
    public long ExpiresAfter(Limits limits) => Math.Max(LastUse, GreatestIssuedAt) + limits.SessionTtlMs;
}

/// <summary>An outcome kept for repetitions, with the fingerprint of the request that it belongs to.</summary>
internal readonly record struct StoredOutcome(Fingerprint Content, ulong Revision, Code Code, Results Results);
