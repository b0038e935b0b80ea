using Membership.Replication.Hosting;
using Membership.Replication.Peers;

namespace Membership.Replication.Proposals;

/// <summary>Takes proposals to the leader when that is another replica.</summary>
internal sealed class LeaderForwarder(PeerSet peers, Func<string?> leader, TimeSpan deadline, CancellationToken fence)
{
    /// <summary>Sends it, and answers it when there is an answer.</summary>
    public void Forward(PendingProposal proposal)
    {
        if (peers.FindForwarder(leader()) is { } forwarder) _ = ForwardAsync(forwarder, proposal);
        else proposal.TryAnswer(new(Code.NotLeader, 0));
    }

    private async Task ForwardAsync(BatchingForwarder forwarder, PendingProposal proposal)
    {
        var answer = await forwarder.ForwardAsync(proposal.Encoded, deadline, fence);
        proposal.TryAnswer(answer.Verdict switch
        {
            ForwardVerdict.Decided => answer.Outcome,
            ForwardVerdict.Unknown => new(Code.OutcomeUnknown, 0),
            _ => new(Code.NotLeader, 0),
        });
    }
}
