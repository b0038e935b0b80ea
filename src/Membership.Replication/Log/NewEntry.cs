namespace Membership.Replication.Log;

/// <summary>An entry without its place in the log.</summary>
/// <param name="Term">The term of the leader that made it.</param>
/// <param name="CommandId">What the state machine knows it by; null for the package's own entries.</param>
/// <param name="IsConfiguration">Whether the payload is a configuration of the cluster.</param>
/// <param name="Payload">Its bytes.</param>
internal readonly record struct NewEntry(long Term, int? CommandId, bool IsConfiguration, ReadOnlyMemory<byte> Payload);
