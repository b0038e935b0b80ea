using System.Collections.Immutable;
using Membership.State;

namespace Membership.Replication;

/// <summary>
/// One replica of the cluster as another one sees it at one moment. What the replica says of itself is as it said it within the last second;
/// of one that does not answer there are its addresses and its part alone, and the figures are 0.
/// </summary>
public sealed record ReplicaReport
{
    /// <summary>The replica and where it listens.</summary>
    public required ReplicaAddress Address { get; init; }

    /// <summary>The part it takes.</summary>
    public required ReplicaRole Role { get; init; }

    /// <summary>Its current term.</summary>
    public long Term { get; init; }

    /// <summary>The last index that it knows to be committed.</summary>
    public long CommitIndex { get; init; }

    /// <summary>The last index that it applied.</summary>
    public long AppliedIndex { get; init; }

    /// <summary>How many entries that some replica knows to be committed it has not applied.</summary>
    public long Lag { get; init; }

    /// <summary>The revision given out last, as applied there.</summary>
    public ulong Revision { get; init; }

    /// <summary>The digest of the state at that revision; null when it does not answer.</summary>
    public StateDigest? Digest { get; init; }

    /// <summary>The index of its newest snapshot; 0 for none.</summary>
    public long SnapshotIndex { get; init; }

    /// <summary>When it wrote its newest snapshot, Unix ms by its own clock; 0 for none, and when an older library does not say.</summary>
    public long SnapshotTime { get; init; }

    /// <summary>The state version in force there.</summary>
    public uint StateVersion { get; init; }

    /// <summary>
    /// What is wrong with it, by stable names: <c>unreachable</c>, <c>no_vote</c>, <c>no_leader</c>, <c>diverged</c>, <c>clock_skew</c>,
    /// <c>fetching_snapshot</c>, or the code of the fault that stopped it. Empty when nothing is.
    /// </summary>
    public ImmutableArray<string> Health { get; init; } = [];
}
