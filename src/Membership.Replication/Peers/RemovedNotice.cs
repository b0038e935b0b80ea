namespace Membership.Replication.Peers;

/// <summary>Tells a replica that the cluster goes on without it.</summary>
/// <param name="Incarnation">The incarnation that was removed; a later one under the same replica id is not meant.</param>
/// <param name="ConfigurationIndex">The log index of the change that removed it.</param>
internal sealed record RemovedNotice(ulong Incarnation, long ConfigurationIndex);
