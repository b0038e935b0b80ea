using System.Collections.Immutable;

namespace Membership.Replication.Snapshots;

/// <summary>The log begins behind a snapshot, and no snapshot file can be read: the replica has no state of its own any more.</summary>
internal sealed class SnapshotsLostException(ImmutableArray<SnapshotFault> faults)
    : Exception($"No snapshot can be read: {string.Join("; ", faults.Select(fault => $"'{fault.Path}': {fault.Reason}"))}");
