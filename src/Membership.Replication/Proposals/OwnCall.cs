using Membership.Mutations;

namespace Membership.Replication.Proposals;

/// <summary>
/// A call that brings no request id, and the first attempt of it in one object: nearly always that attempt has the last word, and then
/// nothing stands between Apply and the caller.
/// </summary>
internal sealed class OwnCall : PendingProposal
{
    private readonly ProposalRouter _router;
    private readonly OwnSessions.Request _request;
    private readonly CancellationToken _token;
    private CancellationTokenRegistration _giveUp;
    private int _isOver;

    private OwnCall(ProposalRouter router, OwnSessions.Request request, ReadOnlyMemory<byte> encoded, CancellationToken token)
        : base(encoded) => (_router, _request, _token) = (router, request, token);

    /// <summary>When its time is over.</summary>
    public Deadline Deadline { get; set; }

    /// <summary>Proposes under an id of the replica's own, and settles that once there will be no further attempt.</summary>
    public static Task<Outcome> RunAsync(ProposalRouter router, OwnSessions sessions, Mutation mutation, Actor actor, CancellationToken token)
    {
        // No fingerprint: these ids are never used for two contents.
        var request = sessions.Begin();
        var proposal = new Proposal(request.Id, default, actor, mutation) { Settled = request.Settled };
        if (proposal.CheckShape() is { } shape)
        {
            request.Settle();
            return System.Threading.Tasks.Task.FromResult(new Outcome(shape.Code, 0));
        }

        var call = new OwnCall(router, request, proposal.Encode(), token);
        if (token.CanBeCanceled)
            call._giveUp = token.UnsafeRegister(static call => ((OwnCall)call!).End(new(Code.OutcomeUnknown, 0)), call);
        if (!call.Task.IsCompleted) router.Send(call);
        return call.Task;
    }

    /// <inheritdoc/>
    protected override void OnAnswered(in Outcome outcome)
    {
        if (ProposalRouter.Conclude(outcome, mayHaveHappened: false) is { } last) End(last);
        else _ = SeeThroughAsync(outcome);
    }

    private async Task SeeThroughAsync(Outcome answer)
    {
        try
        {
            End(await _router.TryAgainAsync(this, answer, Deadline, _token));
        }
        catch (Exception e)
        {
            if (TryEnd()) SetException(e);
        }
    }

    private void End(in Outcome outcome)
    {
        if (TryEnd()) SetResult(outcome);
    }

    private bool TryEnd()
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0) return false;
        _giveUp.Unregister();
        _request.Settle();
        return true;
    }
}
