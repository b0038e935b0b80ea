namespace Membership.State;

/// <summary>
/// The state at one applied index: immutable, so any number of threads may read it while the next one is made. Two replicas with
/// the same applied index hold equal states.
/// </summary>
public sealed class MembershipState
{
    /// <summary>The newest state version that this library knows.</summary>
    public const uint NewestVersion = 1;

    // Founders of different libraries must begin alike; the first leader raises the version when all of them know a newer one.
    private const uint FoundingVersion = 1;

    private const string ClusterIdShape = "A cluster id is 1 to 64 of a-z, 0-9 and '-'.";

    private const int Open = 0;
    private const int Shared = 1;
    private const int TakenBack = 2;

    internal readonly Tables Tables;
    internal readonly Counters Counters;
    internal readonly UInt128 RecordSum;

    private int _use;

    internal MembershipState(in Tables tables, in Counters counters, UInt128 recordSum, Limits limits, long index, long term)
    {
        Tables = tables;
        Counters = counters;
        RecordSum = recordSum;
        Limits = limits;
        AppliedIndex = index;
        AppliedTerm = term;
    }

    /// <summary>The limits in force.</summary>
    public Limits Limits { get; }

    /// <summary>Index of the last applied log entry; 0 before the first.</summary>
    public long AppliedIndex { get; }

    /// <summary>Term of the last applied log entry.</summary>
    public long AppliedTerm { get; }

    /// <summary>The digest of every record and counter. Equal states have equal digests; it finds faults, not attackers.</summary>
    public StateDigest Digest => StateDigest.Of(RecordSum, Counters);

    /// <summary>The state version: formats, kinds and limits in force.</summary>
    public uint Version => Counters.StateVersion;

    /// <summary>Which cluster this is.</summary>
    public string ClusterId => Counters.ClusterId;

    /// <summary>The revision given out last.</summary>
    public ulong Revision => Counters.Revision;

    /// <summary>Cluster time, Unix ms.</summary>
    public long ClusterTime => Counters.Time;

    /// <summary>Registered nodes.</summary>
    public int NodeCount => Tables.Nodes.Count;

    /// <summary>Live networks, the backbone not counted.</summary>
    public int NetworkCount => Tables.Networks.Count;

    /// <summary>Memberships over all networks.</summary>
    public int MemberCount => Tables.Members.Count;

    /// <summary>How many records of each kind there are.</summary>
    public StateCounts Counts => StateCounts.Of(this);

    /// <summary>Audit records that the state holds.</summary>
    public int AuditCount => Tables.Audit.Count;

    /// <summary>Number of the audit record made last; 0 before the first.</summary>
    public ulong LastAuditNumber => Counters.LastAuditNumber;

    /// <summary>SHA-256 of the audit record made last; empty before the first.</summary>
    public ReadOnlyMemory<byte> AuditHead => Counters.AuditHead.Bytes.ToArray();

    /// <summary>
    /// The same state as that of another cluster, which goes on from here by itself: its digest is another one, as it covers the cluster's id.
    /// </summary>
    /// <param name="clusterId">1 to 64 of <c>a-z 0-9 -</c>.</param>
    /// <exception cref="ArgumentException">The cluster id is not of that shape, or an entry is being applied to the state in place.</exception>
    public MembershipState WithClusterId(string clusterId)
    {
        if (!IsClusterId(clusterId)) throw new ArgumentException(ClusterIdShape, nameof(clusterId));
        if (!TryShare()) throw new ArgumentException("An entry is being applied to the state.", nameof(clusterId));
        return new(Tables, Counters with { ClusterId = clusterId }, RecordSum, Limits, AppliedIndex, AppliedTerm);
    }

    /// <summary>The state of a cluster before its first entry.</summary>
    /// <param name="clusterId">1 to 64 of <c>a-z 0-9 -</c>.</param>
    /// <param name="limits">The limits; a replica passes none and so takes <see cref="Limits.Production"/>.</param>
    /// <exception cref="ArgumentException">The cluster id is not of that shape.</exception>
    public static MembershipState Founded(string clusterId, Limits? limits = null)
    {
        if (!IsClusterId(clusterId))
            throw new ArgumentException(ClusterIdShape, nameof(clusterId));
        var counters = new Counters { StateVersion = FoundingVersion, ClusterId = clusterId };
        return new(default, counters, default, limits ?? Limits.Production, index: 0, term: 0);
    }

    /// <summary>
    /// Makes the state one that never changes, so that it may be handed out. False when the next entry is already being applied in place:
    /// then its maps must not be looked at.
    /// </summary>
    internal bool TryShare() => Volatile.Read(ref _use) == Shared || Interlocked.CompareExchange(ref _use, Shared, Open) != TakenBack;

    /// <summary>Gives the maps back to the one who made them; false when the state is shared.</summary>
    internal bool TryTakeBack() => Interlocked.CompareExchange(ref _use, TakenBack, Open) == Open;

    /// <summary>Whether the text is 1 to 64 bytes of <c>a-z 0-9 -</c>.</summary>
    public static bool IsClusterId(string? text)
    {
        if (text is not { Length: >= 1 and <= 64 }) return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-') return false;
        }

        return true;
    }
}
