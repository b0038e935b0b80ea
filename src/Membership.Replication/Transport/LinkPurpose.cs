namespace Membership.Replication.Transport;

/// <summary>What a connection between two replicas is for. Both kinds come in at one port.</summary>
internal enum LinkPurpose : byte
{
    /// <summary>The Raft package's own messages.</summary>
    Raft = 1,

    /// <summary>Calls of the peer channel.</summary>
    Peer = 2,
}
