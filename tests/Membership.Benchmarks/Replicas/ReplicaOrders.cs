namespace Membership.Benchmarks.Replicas;

/// <summary>What a fresh cluster begins with.</summary>
/// <param name="Nodes">So many nodes, numbered from 1.</param>
/// <param name="Networks">So many open enterprise networks, numbered from 1, of the first node.</param>
/// <param name="Keys">The nodes' public keys in hex, instead of random ones: one after another, so that the numbers are theirs.</param>
internal sealed record SeedOrder(int Nodes, int Networks, string[]? Keys = null);

/// <summary>What a replica says of itself.</summary>
internal sealed record ReplicaReport(bool IsLeader, bool HasLeader, ulong Revision, long AppliedIndex, string? Fault);
