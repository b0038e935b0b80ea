namespace Membership.Replication.Peers;

/// <summary>What a replica says of itself to its peers. Fields are named on the wire, so that one can be added.</summary>
internal sealed record PeerStatus
{
    /// <summary>Which replica answers.</summary>
    public required string ReplicaId { get; init; }

    /// <summary>Its incarnation: drawn anew whenever its folder is.</summary>
    public required ulong Incarnation { get; init; }

    /// <summary>Whether it leads, as far as it knows.</summary>
    public bool IsLeader { get; init; }

    /// <summary>The replica id of the leader, as far as it knows.</summary>
    public string? Leader { get; init; }

    /// <summary>Its current term.</summary>
    public long Term { get; init; }

    /// <summary>The last index of its log.</summary>
    public long LastIndex { get; init; }

    /// <summary>Its commit index.</summary>
    public long CommitIndex { get; init; }

    /// <summary>The last index that it applied.</summary>
    public long AppliedIndex { get; init; }

    /// <summary>The index of the last change of the cluster that it applied; 0 for none.</summary>
    public long ConfigurationIndex { get; init; }

    /// <summary>Whether it is fetching a snapshot, and its indexes stand still for that reason.</summary>
    public bool IsFetchingSnapshot { get; init; }

    /// <summary>The index of the last snapshot that it took from a peer since its start; 0 for none.</summary>
    public long InstalledSnapshotIndex { get; init; }

    /// <summary>The revision given out last.</summary>
    public ulong Revision { get; init; }

    /// <summary>The digest of the state at that revision: 16 bytes, big-endian; empty while the replica takes no part.</summary>
    public byte[] Digest { get; init; } = [];

    /// <summary>The newest state version that it knows; 0 when it does not say.</summary>
    public uint NewestStateVersion { get; init; }

    /// <summary>Whether its state is, or may be, another than a majority's, so that nothing is served from it.</summary>
    public bool HasDiverged { get; init; }

    /// <summary>Whether it is among the voters of the configuration that it goes by.</summary>
    public bool IsVoter { get; init; }

    /// <summary>Whether its clock is too far from those of a majority.</summary>
    public bool HasClockSkew { get; init; }

    /// <summary>The index of its newest snapshot; 0 for none.</summary>
    public long SnapshotIndex { get; init; }

    /// <summary>When it wrote its newest snapshot, Unix ms by its clock; 0 for none, and when it does not say.</summary>
    public long SnapshotTime { get; init; }

    /// <summary>The state version in force there.</summary>
    public uint StateVersion { get; init; }

    /// <summary>Whether its folder is not open now, though there is a log in it: what it holds is not known.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Why it takes no more part, or null.</summary>
    public string? Fault { get; init; }
}
