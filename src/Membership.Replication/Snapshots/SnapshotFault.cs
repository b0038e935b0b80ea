namespace Membership.Replication.Snapshots;

/// <summary>A snapshot file that cannot be used.</summary>
/// <param name="Path">Which file.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record SnapshotFault(string Path, string Reason);
