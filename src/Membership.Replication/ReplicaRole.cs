namespace Membership.Replication;

/// <summary>The part that a replica takes.</summary>
public enum ReplicaRole
{
    /// <summary>It follows a leader or waits for one.</summary>
    Follower,

    /// <summary>It leads, as far as it knows: only a confirmed read or a committed change proves it.</summary>
    Leader,

    /// <summary>It has no vote: it waits to be added, or was removed.</summary>
    Standby,

    /// <summary>It has stopped for good: see the fault.</summary>
    Stopped,

    /// <summary>It was removed from the cluster. Only in what others say of a replica.</summary>
    Removed,

    /// <summary>It has a vote and does not answer. Only in what others say of a replica.</summary>
    Unreachable,
}
