namespace Membership.Replication.Transport;

/// <summary>What the accepting side of a connection says to the connecting one.</summary>
internal enum LinkVerdict : byte
{
    /// <summary>Go on.</summary>
    Welcome = 0,

    /// <summary>The connecting replica is of another cluster.</summary>
    OtherCluster = 1,

    /// <summary>The connecting replica says it is the accepting one.</summary>
    SameReplica = 2,

    /// <summary>The accepting side does not serve what the connection is for, or not yet.</summary>
    NotServed = 3,
}
