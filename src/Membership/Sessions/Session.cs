using Membership.Maps;

namespace Membership.Sessions;

/// <summary>What the state holds about one client of one actor: the outcomes that it has not settled, and when it was last used.</summary>
/// <remarks>
/// Like a node of a map it is immutable, except for the batch whose mark it bears: a client that sends many mutations in one entry costs
/// one session, not one for each of them.
/// </remarks>
internal sealed class Session
{
    private readonly EditMark? _owner;

    /// <param name="owner">The batch that may change it.</param>
    public Session(EditMark? owner) => _owner = owner;

    /// <summary>The same for another batch to change; it is in no index yet.</summary>
    public Session(EditMark? owner, Session other)
        : this(owner)
    {
        MinSequence = other.MinSequence;
        LastUse = other.LastUse;
        LastUseRevision = other.LastUseRevision;
        GreatestIssuedAt = other.GreatestIssuedAt;
        Outcomes = other.Outcomes;
    }

    /// <summary>The least sequence above the floor; 0 while there is no floor.</summary>
    public ulong MinSequence { get; set; }

    /// <summary>Cluster time of the last use, Unix ms.</summary>
    public long LastUse { get; set; }

    /// <summary>Revision of the last use; unique.</summary>
    public ulong LastUseRevision { get; set; }

    /// <summary>The greatest <c>issued_at</c> of its requests, Unix ms; 0 when none was signed.</summary>
    public long GreatestIssuedAt { get; set; }

    /// <summary>By sequence, all above the floor.</summary>
    public OrderedMap<ulong, StoredOutcome> Outcomes { get; set; }

    /// <summary>Under what the indexes and the digest have it now; null when they do not.</summary>
    public SessionListing? Listing { get; set; }

    /// <summary>Whether the running batch used it, so that its listing is to be renewed.</summary>
    public bool IsInUse { get; set; }

    /// <summary>The last cluster time at which the session is still there, Unix ms.</summary>
    public long ExpiresAfter(Limits limits) => Math.Max(LastUse, GreatestIssuedAt) + limits.SessionTtlMs;

    /// <summary>Whether the batch of <paramref name="mark"/> may change it.</summary>
    public bool IsOwnedBy(EditMark mark) => ReferenceEquals(_owner, mark);
}

/// <summary>How a session stands in the indexes and in the digest.</summary>
/// <param name="Key">Its place among sessions by expiry, and by its revision among those by use.</param>
/// <param name="Hash">The hash of its record.</param>
internal readonly record struct SessionListing(ExpiryKey Key, UInt128 Hash);

/// <summary>An outcome kept for repetitions, with the fingerprint of the request that it belongs to.</summary>
internal readonly record struct StoredOutcome(Fingerprint Content, ulong Revision, Code Code, Results Results)
{
    /// <summary>The hash of its record, from when it was stored: it leaves the digest as it came into it.</summary>
    public UInt128 Hash { get; init; }
}
