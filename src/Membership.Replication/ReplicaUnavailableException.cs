namespace Membership.Replication;

/// <summary>The replica could not do it in time: no leader, no majority, or the replica has stopped. Nothing was changed; retry as you like.</summary>
public sealed class ReplicaUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
