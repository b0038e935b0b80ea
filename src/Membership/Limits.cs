namespace Membership;

/// <summary>
/// Every limit of the state machine. Limits are part of the state version: a replica uses <see cref="Production"/> alone and reads
/// none of them from its configuration, or two replicas could decide one entry differently. Tests pass smaller ones.
/// </summary>
/// <remarks>Source: command specification, section 1 (data), 2 (sweep) and 5 (sessions).</remarks>
public sealed record Limits
{
    /// <summary>The limits of state version 1.</summary>
    public static Limits Production { get; } = new();

    /// <summary>The newest state version that this library knows. Tests alone pass another one, to have two libraries in one process.</summary>
    public uint NewestStateVersion { get; internal init; } = State.MembershipState.NewestVersion;

    /// <summary>Registered nodes at one time.</summary>
    public int MaxNodes { get; init; } = 10_000_000;

    /// <summary>The highest network id, and so the number of live networks.</summary>
    public ushort MaxNetworkId { get; init; } = ushort.MaxValue;

    /// <summary>Bytes of a network name.</summary>
    public int NameBytesMax { get; init; } = 63;

    /// <summary>Bytes of a tag.</summary>
    public int TagBytesMax { get; init; } = 32;

    /// <summary>Tags of a member, counted as given.</summary>
    public int TagsMax { get; init; } = 10;

    /// <summary>The greatest <c>max_members</c> that a policy may set.</summary>
    public int PolicyMembersMax { get; init; } = 10_000;

    /// <summary>Ports of a policy, counted as given.</summary>
    public int PolicyPortsMax { get; init; } = 100;

    /// <summary>UTF-8 bytes of a policy's description.</summary>
    public int PolicyDescriptionBytesMax { get; init; } = 256;

    /// <summary>UTF-8 bytes of an external id.</summary>
    public int ExternalIdBytesMax { get; init; } = 256;

    /// <summary>Pre-assigned roles of a network.</summary>
    public int PreAssignmentsMax { get; init; } = 10_000;

    /// <summary>Bytes of the rules, counted over both texts within.</summary>
    public int RulesBytesMax { get; init; } = 16 * 1024;

    /// <summary>The shortest cycle of the rules, in nanoseconds: one minute.</summary>
    public long RulesCycleNsMin { get; init; } = 60L * 1_000_000_000;

    /// <summary>Bytes of an expression policy.</summary>
    public int ExprPolicyBytesMax { get; init; } = 64 * 1024;

    /// <summary>How long an invite lives, in ms: 30 days. It is expired when its age is strictly greater.</summary>
    public long InviteTtlMs { get; init; } = 30L * 24 * 3600 * 1000;

    /// <summary>Live invites of one target.</summary>
    public int InboxMax { get; init; } = 100;

    /// <summary>Live invites of one inviter.</summary>
    public int InvitesByInviterMax { get; init; } = 10_000;

    /// <summary>Expired invites that one entry removes.</summary>
    public int SweepMax { get; init; } = 64;

    /// <summary>Sessions in all; over it the longest unused go.</summary>
    public int SessionsMax { get; init; } = 1_048_576;

    /// <summary>Sessions of all admin tokens together.</summary>
    public int AdminSessionsMax { get; init; } = 262_144;

    /// <summary>Sessions of one node, and of one network's admin token.</summary>
    public int ActorSessionsMax { get; init; } = 16_384;

    /// <summary>Sessions of all registering keys together.</summary>
    public int KeySessionsMax { get; init; } = 65_536;

    /// <summary>Outcomes that one session holds above its floor.</summary>
    public int OutcomesMax { get; init; } = 1_024;

    /// <summary>How long a session outlives its last use and its newest signature, in ms.</summary>
    public long SessionTtlMs { get; init; } = 180_000;

    /// <summary>How far a signed request may be behind cluster time, in ms.</summary>
    public long FreshnessBehindMs { get; init; } = 120_000;

    /// <summary>How far a signed request may be ahead of cluster time, in ms.</summary>
    public long FreshnessAheadMs { get; init; } = 60_000;

    /// <summary>The session floor time stays at least this far behind cluster time, in ms.</summary>
    public long SessionFloorLagMs { get; init; } = 10_000;

    /// <summary>Audit records that the state holds.</summary>
    public int AuditRecordsMax { get; init; } = 65_536;

    /// <summary>Mutations of one entry.</summary>
    public int EntryMutationsMax { get; init; } = 4_096;

    /// <summary>Bytes of one entry of several mutations; one that is larger than this goes alone.</summary>
    public int EntryBytesMax { get; init; } = 1024 * 1024;

    /// <summary>Bytes of one encoded mutation: what fits a frame of the wire, fits.</summary>
    public int MutationBytesMax { get; init; } = 4 * 1024 * 1024;
}
