namespace Membership.Protocol.Answers;

/// <summary>A replica as <c>cluster_status</c> lists it.</summary>
/// <param name="Replica">Its id.</param>
/// <param name="RaftAddress">Where it listens for Raft, as <c>host:port</c>.</param>
/// <param name="PeerAddress">Where it listens for the peer channel, as <c>host:port</c>.</param>
/// <param name="Role">What it takes part as, such as <c>leader</c>.</param>
/// <param name="AppliedIndex">The last index that it said to have applied; null when it does not answer.</param>
public sealed record ReplicaAnswer(string Replica, string RaftAddress, string PeerAddress, string Role, long? AppliedIndex);
