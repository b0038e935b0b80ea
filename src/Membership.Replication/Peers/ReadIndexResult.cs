namespace Membership.Replication.Peers;

/// <summary>The answer to a request for a read index.</summary>
/// <param name="Index">Wait until this index is applied, then read; null when the peer could not confirm that it leads.</param>
internal sealed record ReadIndexResult(long? Index);
