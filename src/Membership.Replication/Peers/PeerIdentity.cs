using Membership.State;

namespace Membership.Replication.Peers;

/// <summary>Who a replica is, as it says before anything else on a connection.</summary>
internal sealed record PeerIdentity
{
    /// <exception cref="ArgumentException">An id is not 1 to 64 of <c>a-z 0-9 -</c>.</exception>
    public PeerIdentity(string clusterId, string replicaId, ulong incarnation)
    {
        if (!MembershipState.IsClusterId(clusterId))
            throw new ArgumentException("A cluster id is 1 to 64 of a-z, 0-9 and '-'.", nameof(clusterId));
        if (!MembershipState.IsClusterId(replicaId))
            throw new ArgumentException("A replica id is 1 to 64 of a-z, 0-9 and '-'.", nameof(replicaId));
        ClusterId = clusterId;
        ReplicaId = replicaId;
        Incarnation = incarnation;
    }

    /// <summary>The cluster.</summary>
    public string ClusterId { get; }

    /// <summary>The replica within the cluster.</summary>
    public string ReplicaId { get; }

    /// <summary>Drawn anew whenever the replica's folder is.</summary>
    public ulong Incarnation { get; }

    /// <summary>For messages, such as <c>alpha/r1#7f</c>.</summary>
    public override string ToString() => $"{ClusterId}/{ReplicaId}#{Incarnation:x}";
}
