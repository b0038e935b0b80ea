namespace Membership.Replication.Configuration;

/// <summary>What an operator asks of the leader. The numbers stand on the wire between replicas and are never reused.</summary>
internal enum ClusterChangeKind
{
    /// <summary>To give a replica a vote.</summary>
    Add = 1,

    /// <summary>To take a replica's vote away.</summary>
    Remove = 2,

    /// <summary>To give leadership away.</summary>
    Transfer = 3,
}

/// <summary>A change of the cluster, as it travels to the leader.</summary>
/// <param name="Kind">A <see cref="ClusterChangeKind"/>.</param>
/// <param name="ReplicaId">Which replica; null to give leadership to any other.</param>
/// <param name="Addresses">Of the one that is added: its text as <see cref="KnownReplica"/>; else null.</param>
internal sealed record ClusterChange(int Kind, string? ReplicaId, string? Addresses = null)
{
    public static ClusterChange Add(ReplicaAddress replica) => new((int)ClusterChangeKind.Add, replica.Id, new KnownReplica(replica, 0).ToText());

    public static ClusterChange Remove(string replicaId) => new((int)ClusterChangeKind.Remove, replicaId);

    public static ClusterChange Transfer(string? replicaId) => new((int)ClusterChangeKind.Transfer, replicaId);
}

/// <summary>What became of a change that was asked of a replica.</summary>
/// <param name="Code">
/// <see cref="Code.Ok"/>; <see cref="Code.NotLeader"/>: ask the leader; <see cref="Code.OutcomeUnknown"/>: not done yet, ask again; else why it
/// was refused, with nothing changed.
/// </param>
/// <param name="Message">A sentence for the operator; null when it is done.</param>
internal sealed record ClusterChangeAnswer(int Code, string? Message = null);
