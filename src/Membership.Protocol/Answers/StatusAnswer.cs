namespace Membership.Protocol.Answers;

/// <summary>What a replica says of itself to anybody: command specification, section 6, <c>status</c>.</summary>
public sealed record StatusAnswer
{
    /// <summary>The cluster's id.</summary>
    public required string Cluster { get; init; }

    /// <summary>The replica's id.</summary>
    public required string Replica { get; init; }

    /// <summary>The leader's replica id, as far as it is known.</summary>
    public required string? Leader { get; init; }

    /// <summary>The current term.</summary>
    public required long Term { get; init; }

    /// <summary>The last index known to be committed.</summary>
    public required long CommitIndex { get; init; }

    /// <summary>The last index applied.</summary>
    public required long AppliedIndex { get; init; }

    /// <summary>The revision given out last.</summary>
    public required ulong Revision { get; init; }

    /// <summary>The digest of the state at that revision, 32 hex digits.</summary>
    public required string Digest { get; init; }

    /// <summary>Log entries that are known to be committed and not applied yet.</summary>
    public long Lag { get; init; }

    /// <summary>How far the state is behind the leader's at most, in ms; null when it is not known.</summary>
    public required long? LagMs { get; init; }

    /// <summary>The state version in force.</summary>
    public required uint Version { get; init; }
}
