using System.Collections.Immutable;

namespace Membership.Replication.Snapshots;

/// <summary>What a start found among the snapshot files.</summary>
/// <param name="Snapshot">The newest one that can be used; null for none.</param>
/// <param name="Faults">The files that cannot be used, newest first; they were set aside.</param>
/// <param name="IsLost">
/// The log begins after a snapshot and there is none left to begin with: the replica has no state and must get one from a peer. When
/// this is false and there is no snapshot, the log reaches back to its first entry.
/// </param>
internal sealed record SnapshotLoad(LoadedSnapshot? Snapshot, ImmutableArray<SnapshotFault> Faults, bool IsLost);
