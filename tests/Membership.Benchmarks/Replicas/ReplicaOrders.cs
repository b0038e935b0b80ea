namespace Membership.Benchmarks.Replicas;

/// <summary>What a fresh cluster begins with.</summary>
/// <param name="Keys">Public keys in base64 of the first nodes: one after another, so that the numbers are theirs.</param>
/// <param name="Nodes">So many more nodes with random keys.</param>
/// <param name="Networks">So many open enterprise networks, numbered from 1, of the first node.</param>
internal sealed record SeedOrder(string[] Keys, int Nodes, int Networks);

/// <summary>What a replica says of itself.</summary>
internal sealed record ReplicaReport(bool IsLeader, bool HasLeader, ulong Revision, long AppliedIndex, string? Fault);
