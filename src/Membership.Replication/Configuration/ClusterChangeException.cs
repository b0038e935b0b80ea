namespace Membership.Replication;

/// <summary>
/// A change of the cluster was refused. Nothing was changed: put right what the message says, then ask again.
/// </summary>
/// <param name="code">Why, as <see cref="Code"/>.</param>
/// <param name="message">A sentence for the operator.</param>
public sealed class ClusterChangeException(Code code, string message) : Exception(message)
{
    /// <summary>
    /// <see cref="Membership.Code.ReplicaNotFound"/>, <see cref="Membership.Code.ReplicaInUse"/>, <see cref="Membership.Code.ReplicaNotReady"/>,
    /// <see cref="Membership.Code.ChangeInProgress"/>, <see cref="Membership.Code.TooManyVoters"/>, <see cref="Membership.Code.LastVoter"/> or
    /// <see cref="Membership.Code.NotCaughtUp"/>.
    /// </summary>
    public Code Code => code;
}
