using System.Collections.Immutable;
using Membership.State;

namespace Membership.Replication.Offline;

/// <summary>A state that was made out of a snapshot and the log.</summary>
/// <param name="State">The state.</param>
/// <param name="Snapshot">The file it began with; null when the log reaches back to its first entry.</param>
/// <param name="EntryCount">Entries that were applied to it, the package's own not counted.</param>
public sealed record Replay(MembershipState State, string? Snapshot, long EntryCount)
{
    /// <summary>
    /// Whether the state was ever a replica's: not when the revision is that of a mutation in the middle of an entry. Then the mutations behind it
    /// in the entry were left out.
    /// </summary>
    public bool IsWholeEntry { get; init; } = true;

    /// <summary>Whether every entry within was known to be committed.</summary>
    public bool IsKnownCommitted { get; init; }

    /// <summary>How many digests of leaders were met on the way and compared.</summary>
    public int CheckpointCount { get; init; }

    /// <summary>The index of the first entry that says another digest than this state had there; null when all agree.</summary>
    public long? MismatchIndex { get; init; }

    /// <summary>Snapshot files that were passed over because they are damaged: each with why.</summary>
    public ImmutableArray<string> Damaged { get; init; } = [];
}
