using Membership.Replication.Leadership;

namespace Membership.Replication.Proposals;

/// <summary>
/// Brings a proposal to the leader, this replica or another one, and keeps trying under the same request id until there is an outcome or
/// the time is over.
/// </summary>
internal sealed class ProposalRouter(
    LeadershipLoop leadership, LeaderForwarder forwarder, Limits limits, TimeSpan limit, CancellationToken fence)
{
    private readonly RetryPulse _pulse = new();

    /// <summary>Proposes.</summary>
    /// <param name="encoded">From <see cref="Proposal.Encode"/>.</param>
    /// <param name="token">The caller gives up; the proposal may still come about.</param>
    /// <returns>
    /// The outcome; <see cref="Code.InvalidArgument"/> with revision 0 when no entry can hold it; <see cref="Code.Overloaded"/> or
    /// <see cref="Code.Unavailable"/> when nothing happened, <see cref="Code.OutcomeUnknown"/> when it may have.
    /// </returns>
    public async Task<Outcome> ProposeAsync(ReadOnlyMemory<byte> encoded, CancellationToken token)
    {
        if (!Fits(encoded)) return new(Code.InvalidArgument, 0);
        using var end = BeginLimit(token);
        var first = new PendingProposal(encoded);
        Send([first]);
        return await SeeThroughAsync(first, end.Token);
    }

    /// <summary>Whether an entry can hold it.</summary>
    public bool Fits(ReadOnlyMemory<byte> encoded) => EntryFormat.Fits(1, encoded.Length, limits);

    /// <summary>The time that a proposal has, from now on.</summary>
    public CancellationTokenSource BeginLimit(CancellationToken token)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(token, fence);
        end.CancelAfter(limit);
        return end;
    }

    /// <summary>
    /// A first attempt: all go to one leadership, in their order. When one of them has no effect there, none behind it has: a leadership
    /// that fails an entry proposes nothing more.
    /// </summary>
    public void Send(IReadOnlyList<PendingProposal> proposals)
    {
        if (leadership.Current is not { } proposer)
        {
            forwarder.Forward(proposals);
            return;
        }

        foreach (var proposal in proposals) proposer.Enqueue(proposal);
    }

    /// <summary>Waits for the answer to a first attempt, and makes further ones as long as there is none that lasts.</summary>
    public async Task<Outcome> SeeThroughAsync(PendingProposal first, CancellationToken end)
    {
        var pending = first;
        var mayHaveHappened = false;
        while (true)
        {
            var isSent = true;
            try
            {
                var answer = await pending.Answer.WaitAsync(end);
                if (Conclude(answer, mayHaveHappened) is { } outcome) return outcome;
                mayHaveHappened |= answer.Code == Code.OutcomeUnknown;
                isSent = false;
                await _pulse.WaitAsync(end);
            }
            catch (OperationCanceledException)
            {
                return new(mayHaveHappened || isSent ? Code.OutcomeUnknown : Code.Unavailable, 0);
            }

            pending = new(first.Encoded);
            Send([pending]);
        }
    }

    // Null for one more attempt.
    private static Outcome? Conclude(in Outcome answer, bool mayHaveHappened) => answer.Code switch
    {
        Code.NotLeader or Code.OutcomeUnknown => null,
        Code.Overloaded => mayHaveHappened ? null : answer,
        // They say only that this attempt did nothing, and another one may have.
        Code.RequestExpired
            or Code.RequestFromFuture
            or Code.RequestSettled
            or Code.TooManySessions
            or Code.TooManyUnsettled when mayHaveHappened => new(Code.OutcomeUnknown, 0),
        _ => answer,
    };
}
