using Membership.State;

namespace Membership.Replication;

/// <summary>What a replica says of itself at one moment. The figures are read one after another: only the state's own belong together.</summary>
public sealed record ReplicaStatus
{
    /// <summary>The cluster.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The replica.</summary>
    public required string ReplicaId { get; init; }

    /// <summary>The part it takes.</summary>
    public required ReplicaRole Role { get; init; }

    /// <summary>The replica id of the leader, as far as it knows; null for none.</summary>
    public required string? Leader { get; init; }

    /// <summary>The current term.</summary>
    public required long Term { get; init; }

    /// <summary>The last index of the log.</summary>
    public required long LastIndex { get; init; }

    /// <summary>The last index known to be committed.</summary>
    public required long CommitIndex { get; init; }

    /// <summary>The last index applied; entries without a mutation count, too.</summary>
    public required long AppliedIndex { get; init; }

    /// <summary>The revision given out last, as applied here.</summary>
    public required ulong Revision { get; init; }

    /// <summary>The digest of the state at that revision.</summary>
    public required StateDigest Digest { get; init; }

    /// <summary>The state version in force.</summary>
    public required uint StateVersion { get; init; }

    /// <summary>The newest state version that this replica knows: the cluster goes over to what all voters know.</summary>
    public uint NewestStateVersion { get; init; }

    /// <summary>Cluster time, Unix ms.</summary>
    public required long ClusterTime { get; init; }

    /// <summary>The index of the last snapshot on the disk; 0 for none.</summary>
    public required long SnapshotIndex { get; init; }

    /// <summary>How long the last write to the disk took.</summary>
    public required TimeSpan LastFlush { get; init; }

    /// <summary>Whether this replica's clock is too far from those of a majority; it does not lead then.</summary>
    public required bool HasClockSkew { get; init; }

    /// <summary>Why nothing is served from its state; null while it is what a majority has, as far as is known.</summary>
    public ReplicaDivergence? Divergence { get; init; }

    /// <summary>Why it stopped for good; null while it runs.</summary>
    public required ReplicaFault? Fault { get; init; }
}
