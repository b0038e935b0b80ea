namespace Membership.Replication;

/// <summary>A change of the cluster's voters was refused. Nothing was changed: put right what the message says, then ask again.</summary>
public sealed class ClusterChangeException(string message) : Exception(message);
