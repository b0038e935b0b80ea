using Membership.Replication.Divergence;
using Membership.Replication.Leadership;

namespace Membership.Replication.Proposals;

/// <summary>
/// Brings a proposal to the leader, this replica or another one, and keeps trying under the same request id until there is an outcome or
/// the time is over.
/// </summary>
internal sealed class ProposalRouter(
    LeadershipLoop leadership, LeaderForwarder forwarder, LeaderSight sight, Fence divergence, Limits limits, TimeSpan limit, CancellationToken fence)
    : IDisposable
{
    private readonly RetryPulse _pulse = new();
    private readonly ProposalDeadlines _deadlines = new(limit, fence);

    /// <summary>A first attempt that sees itself through. It is answered when no entry can hold it or there is no time.</summary>
    public void Send(CallerProposal call)
    {
        if (!Fits(call.Encoded))
        {
            call.TryAnswer(new(Code.InvalidArgument, 0));
            return;
        }

        if (!_deadlines.TryBegin(call, out var deadline)) return;
        call.Deadline = deadline;
        Hand(call);
    }

    /// <summary>Whether an entry can hold it.</summary>
    public bool Fits(ReadOnlyMemory<byte> encoded) => EntryFormat.Fits(1, encoded.Length, limits);

    /// <summary>
    /// A first attempt: all go to one leadership, in their order. When that leadership does not decide one of them, it decides none behind it:
    /// one that fails an entry proposes nothing more. Behind one that its full queue refuses, it refuses all.
    /// </summary>
    /// <returns>When the time of all is over.</returns>
    public Deadline Send(IReadOnlyList<PendingProposal> proposals)
    {
        var deadline = default(Deadline);
        var isInTime = true;
        foreach (var proposal in proposals) isInTime &= _deadlines.TryBegin(proposal, out deadline);
        if (isInTime) Hand(proposals);
        return deadline;
    }

    /// <inheritdoc/>
    public void Dispose() => _deadlines.Dispose();

    /// <summary>Makes further attempts behind one whose answer does not last.</summary>
    /// <param name="first">The first attempt.</param>
    /// <param name="answer">What came of it.</param>
    /// <param name="deadline">When there is no time for more.</param>
    /// <param name="token">The caller gives up.</param>
    public async Task<Outcome> TryAgainAsync(PendingProposal first, Outcome answer, Deadline deadline, CancellationToken token)
    {
        var mayHaveHappened = answer.Code == Code.OutcomeUnknown;
        var isSent = false;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(token, fence);
        end.CancelAfter(deadline.Left);
        try
        {
            while (true)
            {
                isSent = false;
                await _pulse.WaitAsync(end.Token);
                if (first.CanGoElsewhere && sight.IsLost) return new(mayHaveHappened ? Code.OutcomeUnknown : Code.Unavailable, 0);

                // The origin is not looked up anew: a lane sees a proposal through on whatever task began its run.
                var pending = new PendingProposal(first.Encoded) { Origin = first.Origin, CanGoElsewhere = first.CanGoElsewhere };
                isSent = true;
                Hand(pending);
                answer = await pending.Answer.WaitAsync(end.Token);
                if (Conclude(answer, mayHaveHappened) is { } outcome) return outcome;
                mayHaveHappened |= answer.Code == Code.OutcomeUnknown;
            }
        }
        catch (OperationCanceledException)
        {
            return new(mayHaveHappened || isSent ? Code.OutcomeUnknown : Code.Unavailable, 0);
        }
    }

    private void Hand(PendingProposal proposal)
    {
        if (divergence.IsUp) proposal.TryAnswer(new(Code.Unavailable, 0));
        else if (leadership.Current is { } proposer) proposer.Enqueue(proposal);
        else forwarder.Forward([proposal]);
    }

    private void Hand(IReadOnlyList<PendingProposal> proposals)
    {
        if (divergence.IsUp)
        {
            foreach (var proposal in proposals) proposal.TryAnswer(new(Code.Unavailable, 0));
        }
        else if (leadership.Current is { } proposer)
        {
            proposer.Enqueue(proposals);
        }
        else
        {
            forwarder.Forward(proposals);
        }
    }

    /// <summary>The outcome, if an answer is one; null for one more attempt.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="mayHaveHappened">Whether an attempt before it may have come about.</param>
    public static Outcome? Conclude(in Outcome answer, bool mayHaveHappened) => answer.Code switch
    {
        Code.NotLeader or Code.OutcomeUnknown => null,
        Code.Overloaded => mayHaveHappened ? null : answer,
        // They say only that this attempt did nothing, and another one may have.
        Code.RequestExpired
            or Code.RequestFromFuture
            or Code.RequestSettled
            or Code.TooManySessions
            or Code.TooManyUnsettled
            or Code.Unavailable when mayHaveHappened => new(Code.OutcomeUnknown, 0),
        _ => answer,
    };
}
