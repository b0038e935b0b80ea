using Membership.Protocol.Requests;

namespace Membership.Client;

/// <summary>How fresh the answer to a query must be. The default is linearizable.</summary>
public record QueryOptions
{
    /// <summary>Default <see cref="Consistency.Linearizable"/>: after every change acknowledged before.</summary>
    public Consistency Consistency { get; init; }

    /// <summary>With <see cref="Consistency.Stale"/>: the most that the state may be behind, in ms; null for any.</summary>
    public uint? MaxLagMs { get; init; }

    /// <summary>With <see cref="Consistency.Stale"/>: the least revision that the state must have; null for any.</summary>
    public ulong? MinRevision { get; init; }

    internal virtual void Write(RequestWriter fields)
    {
        if (Consistency != Consistency.Linearizable) fields.Write("consistency", Consistency == Consistency.Leader ? "leader" : "stale");
        fields.Write("max_lag_ms", MaxLagMs).Write("min_revision", MinRevision);
    }
}
