using Membership.Replication.Hosting;
using Membership.Replication.Leadership;
using Membership.Replication.Peers;
using Membership.Replication.Telemetry;

namespace Membership.Replication.Proposals;

/// <summary>Takes proposals to the leader when that is another replica.</summary>
/// <remarks>
/// An attempt ends with the reign in which it began: the leader that was asked may be silent for good, and a new attempt under the same request id
/// happens at most once.
/// </remarks>
internal sealed class LeaderForwarder(PeerSet peers, Func<string?> leader, LeaderSight sight, TimeSpan deadline)
{
    /// <summary>Sends them, to be proposed in their order, and answers them when there is an answer.</summary>
    public void Forward(IReadOnlyList<PendingProposal> proposals)
    {
        var reign = sight.Reign;
        if (peers.FindForwarder(leader()) is { } forwarder) _ = ForwardAsync(forwarder, proposals, reign);
        else AnswerAll(proposals, Code.NotLeader);
    }

    private async Task ForwardAsync(BatchingForwarder forwarder, IReadOnlyList<PendingProposal> proposals, CancellationToken reign)
    {
        using var trace = ProposalTrace.Forward(proposals, leader());
        var result = await forwarder.ForwardAsync([.. proposals.Select(proposal => proposal.Encoded)], deadline, reign);
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
