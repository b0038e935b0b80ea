using System.Collections.Immutable;

namespace Membership.Protocol.Answers;

/// <summary>A replica as <c>cluster_status</c> lists it.</summary>
public sealed record ReplicaAnswer
{
    /// <summary>Its id.</summary>
    public required string Replica { get; init; }

    /// <summary>Where it listens for Raft, as <c>host:port</c>.</summary>
    public required string RaftAddress { get; init; }

    /// <summary>Where it listens for the peer channel, as <c>host:port</c>.</summary>
    public required string PeerAddress { get; init; }

    /// <summary>What it takes part as: <c>leader</c>, <c>follower</c>, <c>standby</c>, <c>stopped</c>, <c>removed</c> or <c>unreachable</c>.</summary>
    public required string Role { get; init; }

    /// <summary>How far it is; null when it does not answer.</summary>
    public ReplicaProgress? Progress { get; init; }

    /// <summary>What is wrong with it, by stable names such as <c>clock_skew</c>; empty when nothing is.</summary>
    public ImmutableArray<string> Health { get; init; } = [];
}

/// <summary>How far a replica is, as it said itself.</summary>
public sealed record ReplicaProgress
{
    /// <summary>Its current term.</summary>
    public required long Term { get; init; }

    /// <summary>The last index that it knows to be committed.</summary>
    public required long CommitIndex { get; init; }

    /// <summary>The last index that it applied.</summary>
    public required long AppliedIndex { get; init; }

    /// <summary>How many entries that some replica knows to be committed it has not applied.</summary>
    public required long Lag { get; init; }

    /// <summary>The revision given out last, as applied there.</summary>
    public required ulong Revision { get; init; }

    /// <summary>The digest of the state at that revision, 32 hex digits.</summary>
    public required string Digest { get; init; }

    /// <summary>The index of its newest snapshot; 0 for none.</summary>
    public required long SnapshotIndex { get; init; }

    /// <summary>The state version in force there.</summary>
    public required uint Version { get; init; }
}
