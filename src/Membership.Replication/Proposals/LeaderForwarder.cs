using Membership.Replication.Hosting;
using Membership.Replication.Peers;
using Membership.Replication.Telemetry;

namespace Membership.Replication.Proposals;

/// <summary>Takes proposals to the leader when that is another replica.</summary>
internal sealed class LeaderForwarder(PeerSet peers, Func<string?> leader, TimeSpan deadline, CancellationToken fence)
{
    /// <summary>Sends them, to be proposed in their order, and answers them when there is an answer.</summary>
    public void Forward(IReadOnlyList<PendingProposal> proposals)
    {
        if (peers.FindForwarder(leader()) is { } forwarder) _ = ForwardAsync(forwarder, proposals);
        else AnswerAll(proposals, Code.NotLeader);
    }

    private async Task ForwardAsync(BatchingForwarder forwarder, IReadOnlyList<PendingProposal> proposals)
    {
        using var trace = ProposalTrace.Forward(proposals, leader());
        var result = await forwarder.ForwardAsync([.. proposals.Select(proposal => proposal.Encoded)], deadline, fence);
        if (result.Verdict != ForwardVerdict.Decided)
        {
            AnswerAll(proposals, result.Verdict == ForwardVerdict.Unknown ? Code.OutcomeUnknown : Code.NotLeader);
            return;
        }

        for (var i = 0; i < proposals.Count; i++) proposals[i].TryAnswer(result.Outcomes[i]);
    }

    private static void AnswerAll(IReadOnlyList<PendingProposal> proposals, Code code)
    {
        foreach (var proposal in proposals) proposal.TryAnswer(new(code, 0));
    }
}
