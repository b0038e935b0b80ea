using Membership.State;

namespace Membership.Replication.Snapshots;

/// <summary>A snapshot file with the state that was read from it and checked.</summary>
/// <param name="File">The file.</param>
/// <param name="State">The state.</param>
internal sealed record LoadedSnapshot(SnapshotFile File, MembershipState State);
