namespace Membership.Replication.Offline;

/// <summary>What a folder is founded for: one of the first replicas of a cluster that begins with a state.</summary>
/// <param name="ClusterId">The new cluster: 1 to 64 of <c>a-z 0-9 -</c>, and never the id of one that was.</param>
/// <param name="ReplicaId">This replica, one of <paramref name="Replicas"/>.</param>
/// <param name="Replicas">The first voters: one or three. The same list for each of them.</param>
/// <param name="SecretId">The cluster secret by which the tokens in the state were made, by its public name; null for none.</param>
public sealed record NewCluster(string ClusterId, string ReplicaId, IReadOnlyList<ReplicaAddress> Replicas, string? SecretId)
{
    /// <summary>The options of a replica of it, checked.</summary>
    /// <exception cref="ArgumentException">Says what is out of range.</exception>
    internal MembershipReplicaOptions ToOptions(string folder)
    {
        // Where it will listen and with what certificates is the business of its start.
        var anywhere = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0);
        var options = new MembershipReplicaOptions
        {
            ClusterId = ClusterId,
            ReplicaId = ReplicaId,
            DataFolder = folder,
            SecretId = SecretId,
            Bootstrap = true,
            RaftListenEndPoint = anywhere,
            PeerListenEndPoint = anywhere,
        };
        foreach (var replica in Replicas) options.Replicas.Add(replica);
        options.Validate();
        return options;
    }
}
