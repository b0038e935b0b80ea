namespace Membership.Replication;

/// <summary>The replica cannot run: what stopped it stands in <see cref="Fault"/>. Do not retry before the cause is removed.</summary>
public sealed class ReplicaFaultException : Exception
{
    /// <summary>Says what stopped it.</summary>
    public ReplicaFaultException(ReplicaFault fault)
        : base(fault?.Message, fault?.Exception)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Fault = fault;
    }

    /// <summary>What stopped the replica.</summary>
    public ReplicaFault Fault { get; }
}
