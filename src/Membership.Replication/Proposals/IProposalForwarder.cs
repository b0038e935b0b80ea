namespace Membership.Replication.Proposals;

/// <summary>Takes proposals to the leader when that is another replica.</summary>
internal interface IProposalForwarder
{
    /// <summary>Sends it, and answers it when there is an answer. False when there is nobody to send it to: nothing happened.</summary>
    bool TryForward(PendingProposal proposal);
}
