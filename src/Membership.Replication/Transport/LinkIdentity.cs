namespace Membership.Replication.Transport;

/// <summary>Who is at one end of a connection.</summary>
/// <param name="ClusterId">The cluster.</param>
/// <param name="ReplicaId">The replica within it.</param>
/// <param name="Incarnation">Which life of the replica: another one after its folder was wiped; 0 while its folder is empty.</param>
internal sealed record LinkIdentity(string ClusterId, string ReplicaId, ulong Incarnation);
