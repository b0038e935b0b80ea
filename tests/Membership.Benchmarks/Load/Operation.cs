namespace Membership.Benchmarks.Load;

/// <summary>What the clients of a load do.</summary>
internal enum Operation
{
    /// <summary>Joins, leaves and changes of tags, each of them a success that changes something.</summary>
    Mutations,

    /// <summary>Linearizable reads of one member.</summary>
    Reads,

    /// <summary>Reads of one member from the state at hand.</summary>
    StaleReads,

    /// <summary>Nine linearizable reads to one mutation.</summary>
    Mix,
}
