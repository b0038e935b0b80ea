using Membership.Mutations;

namespace Membership.Replication.Proposals;

/// <summary>
/// A call of somebody who waits in this process, and the first attempt of it in one object: nearly always that attempt has the last word, and
/// then nothing stands between Apply and the caller.
/// </summary>
internal sealed class CallerProposal : PendingProposal, IThreadPoolWorkItem
{
    private readonly ProposalRouter _router;
    private readonly OwnSessions.Request? _request;
    private readonly CancellationToken _token;
    private CancellationTokenRegistration _giveUp;
    private Outcome _outcome;
    private Exception? _failure;
    private Delivery? _delivery;
    private int _isOver;

    // Its continuations run where it executes, which is in the pool.
    private CallerProposal(ProposalRouter router, OwnSessions.Request? request, ReadOnlyMemory<byte> encoded, CancellationToken token)
        : base(encoded, TaskCreationOptions.None) => (_router, _request, _token) = (router, request, token);

    /// <summary>When its time is over.</summary>
    public Deadline Deadline { get; set; }

    /// <summary>Proposes under the caller's request id.</summary>
    /// <param name="router">Brings it to the leader.</param>
    /// <param name="encoded">From <see cref="Proposal.Encode"/>.</param>
    /// <param name="token">The caller gives up; the proposal may still come about.</param>
    /// <returns>
    /// The outcome; <see cref="Code.InvalidArgument"/> with revision 0 when no entry can hold it; <see cref="Code.Overloaded"/> or
    /// <see cref="Code.Unavailable"/> when nothing happened, <see cref="Code.OutcomeUnknown"/> when it may have.
    /// </returns>
    public static Task<Outcome> RunAsync(ProposalRouter router, ReadOnlyMemory<byte> encoded, CancellationToken token) =>
        new CallerProposal(router, null, encoded, token).RunAsync();

    /// <summary>Proposes under an id of the replica's own, and settles that once there will be no further attempt.</summary>
    public static Task<Outcome> RunAsync(ProposalRouter router, OwnSessions sessions, Mutation mutation, Actor actor, CancellationToken token)
    {
        // No fingerprint: these ids are never used for two contents.
        var request = sessions.Begin();
        var proposal = new Proposal(request.Id, default, actor, mutation) { Settled = request.Settled };
        if (proposal.CheckShape() is not { } shape) return new CallerProposal(router, request, proposal.Encode(), token).RunAsync();
        request.Settle();
        return System.Threading.Tasks.Task.FromResult(new Outcome(shape.Code, 0));
    }

    /// <summary>The caller's turn, in the pool.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        _delivery?.TurnBegan();
        if (_failure is not null) SetException(_failure);
        else SetResult(_outcome);
    }

    /// <inheritdoc/>
    protected override void OnAnswered(in Outcome outcome, Delivery? delivery)
    {
        if (ProposalRouter.Conclude(outcome, mayHaveHappened: false) is { } last) End(last, delivery);
        else _ = SeeThroughAsync(outcome);
    }

    private Task<Outcome> RunAsync()
    {
        if (_token.CanBeCanceled) _giveUp = _token.UnsafeRegister(static call => ((CallerProposal)call!).End(new(Code.OutcomeUnknown, 0), null), this);
        if (Volatile.Read(ref _isOver) == 0) _router.Send(this);
        return Task;
    }

    private async Task SeeThroughAsync(Outcome answer)
    {
        try
        {
            End(await _router.TryAgainAsync(this, answer, Deadline, _token), null);
        }
        catch (Exception e)
        {
            End(default, null, e);
        }
    }

    // Only the first time counts.
    private void End(in Outcome outcome, Delivery? delivery, Exception? failure = null)
    {
        if (Interlocked.Exchange(ref _isOver, 1) != 0) return;
        _giveUp.Unregister();
        _request?.Settle();
        delivery?.Add();
        (_outcome, _delivery, _failure) = (outcome, delivery, failure);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
