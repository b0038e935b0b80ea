namespace Membership.Replication.Peers;

/// <summary>Tells a replica that waits without a vote that it is about to be added.</summary>
/// <param name="Incarnation">The incarnation that is meant.</param>
/// <param name="ConfigurationIndex">Configurations count for it when they were decided after this log index.</param>
internal sealed record VoteOffer(ulong Incarnation, long ConfigurationIndex);
