namespace Membership.Protocol.Requests;

/// <summary>A command that only reads.</summary>
public abstract record Query : Command
{
    /// <inheritdoc/>
    public override Credential Credential => Credential.None;

    /// <inheritdoc/>
    public override NetworkId? Network => null;

    /// <summary>How fresh the answer must be.</summary>
    public Consistency Consistency { get; init; }

    /// <summary>Whether the request itself says how fresh.</summary>
    public bool NamesConsistency { get; init; }

    /// <summary>With <see cref="Consistency.Stale"/>: the most that the state may be behind, in ms; null for any.</summary>
    public uint? MaxLagMs { get; init; }

    /// <summary>With <see cref="Consistency.Stale"/>: the least revision that the state must have; null for any.</summary>
    public ulong? MinRevision { get; init; }
}
