using System.Diagnostics;
using Membership.Mutations;
using Membership.Replication.Peers;
using Membership.Replication.Proposals;
using Membership.Replication.Telemetry;

namespace Membership.Replication;

/// <summary>
/// Proposes in order: what is proposed here later is decided later, though nobody waits in between. What comes while others are on their
/// way goes together when those are decided, so many share an entry.
/// </summary>
/// <remarks>
/// Thread-safe. From <see cref="MembershipReplica.OpenLane"/>; needs no closing. The order holds through changes of leader: what a leader
/// did not decide is tried again one at a time, before anything behind it. It ends where an outcome is <see cref="Code.OutcomeUnknown"/>:
/// that change may still come about, behind later ones. Behind one that is <see cref="Code.Overloaded"/> for want of room, all are, until
/// <see cref="Resume"/>: the caller may have proposed them before it heard.
/// </remarks>
public sealed class ProposalLane
{
    private static readonly Outcome Refused = new(Code.Overloaded, 0);
    private static readonly Outcome SentAway = new(Code.Unavailable, 0);

    private readonly ProposalRouter _router;
    private readonly OwnSessions _sessions;
    private readonly Lock _sync = new();
    private readonly Queue<Place> _waiting = [];
    private bool _isRunning;
    private Outcome? _refusal;

    internal ProposalLane(ProposalRouter router, OwnSessions sessions) => (_router, _sessions) = (router, sessions);

    /// <summary>
    /// Whether it serves a client on the wire. Outcomes are handed over on the thread that brings them, the last of a group first, as the
    /// server never waits there and sends the answers of a group together once the first one is known. And what has an id of the client's is
    /// not kept waiting while this replica sees no leader: the client has others to ask. Behind such a one all are refused, too, until
    /// <see cref="Resume"/>.
    /// </summary>
    internal bool IsOfClient { get; init; }

    /// <summary>As <see cref="MembershipReplica.ProposeAsync(Mutation, Actor, CancellationToken)"/>, behind all before it.</summary>
    /// <param name="mutation">What is asked.</param>
    /// <param name="actor">Who asks, as authenticated by the caller.</param>
    /// <param name="token">Gives up waiting; the change may still come about.</param>
    public Task<Outcome> ProposeAsync(Mutation mutation, Actor actor, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(mutation);
        return _sessions.ProposeAsync(mutation, actor, proposal => ProposeAsync(proposal, canGoElsewhere: false, token));
    }

    /// <summary>As <see cref="MembershipReplica.ProposeAsync(Proposal, CancellationToken)"/>, behind all before it.</summary>
    /// <param name="proposal">What is asked, by whom, under which id.</param>
    /// <param name="token">Gives up waiting; the change may still come about.</param>
    public Task<Outcome> ProposeAsync(Proposal proposal, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        return ProposeAsync(proposal, canGoElsewhere: IsOfClient, token);
    }

    /// <summary>The caller knows what was refused: what it proposes from now on is taken again.</summary>
    public void Resume()
    {
        lock (_sync) _refusal = null;
    }

    private Task<Outcome> ProposeAsync(Proposal proposal, bool canGoElsewhere, CancellationToken token)
    {
        if (proposal.CheckShape() is { } shape) return Task.FromResult(new Outcome(shape.Code, 0));
        return ProposalTrace.IsListenedTo ? ProposeTracedAsync(proposal, canGoElsewhere, token) : EnqueueAsync(proposal, canGoElsewhere, token);
    }

    private async Task<Outcome> ProposeTracedAsync(Proposal proposal, bool canGoElsewhere, CancellationToken token)
    {
        using var trace = ProposalTrace.Propose(proposal.Mutation.Kind);
        return await EnqueueAsync(proposal, canGoElsewhere, token);
    }

    private Task<Outcome> EnqueueAsync(Proposal proposal, bool canGoElsewhere, CancellationToken token)
    {
        var encoded = proposal.Encode();
        if (!_router.Fits(encoded)) return Task.FromResult(new Outcome(Code.InvalidArgument, 0));
        var place = new Place(encoded, IsOfClient) { CanGoElsewhere = canGoElsewhere };
        place.GiveUpWith(token);
        lock (_sync)
        {
            if (_refusal is not { } refusal)
            {
                _waiting.Enqueue(place);
                if (_isRunning) return place.Task;
                _isRunning = true;
            }
            else
            {
                place.End(refusal);
                return place.Task;
            }
        }

        _ = RunAsync();
        return place.Task;
    }

    private async Task RunAsync()
    {
        while (Take() is { Length: > 0 } group)
        {
            try
            {
                await SeeThroughAsync(group);
            }
            catch (Exception e)
            {
                foreach (var place in group) place.TrySetException(e);
            }
        }
    }

    // What fits one batch to the leader, so that it arrives in its order.
    private Place[] Take()
    {
        lock (_sync)
        {
            var (count, bytes) = (0, 0L);
            foreach (var next in _waiting)
            {
                bytes += next.Encoded.Length;
                if (count > 0 && !ProposalBatch.Fits(count + 1, bytes)) break;
                count++;
            }

            var group = count > 0 ? new Place[count] : [];
            for (var i = 0; i < count; i++) group[i] = _waiting.Dequeue();
            _isRunning = count > 0;
            return group;
        }
    }

    // In order: a new attempt for one of them comes before any for those behind it.
    private async Task SeeThroughAsync(Place[] group)
    {
        var attempts = Array.ConvertAll(
            group, static place => new PendingProposal(place.Encoded) { Origin = place.Origin, CanGoElsewhere = place.CanGoElsewhere });
        var deadline = _router.Send(attempts);
        var (refusal, isSentAway, handedOver) = (default(Outcome?), false, 0);
        for (var i = 0; i < group.Length; i++)
        {
            if (!attempts[i].Answer.IsCompleted) HandOver(group, ref handedOver, i);
            var answer = await attempts[i].Answer;
            var last = refusal is not null && answer is { Code: Code.NotLeader } ? refusal : ProposalRouter.Conclude(answer, mayHaveHappened: false);

            // Behind one that was sent away nothing of the client's is tried again: it will send that one once more, which belongs before them.
            if (isSentAway && group[i].CanGoElsewhere) last ??= new(Code.OutcomeUnknown, 0);
            if (last is null) HandOver(group, ref handedOver, i);
            var outcome = last ?? await _router.TryAgainAsync(attempts[i], answer, deadline, CancellationToken.None);
            group[i].Outcome = outcome;
            isSentAway |= last is null && IsOfClient && outcome.Code is Code.Unavailable or Code.OutcomeUnknown;
            if (refusal is not null || (outcome != Refused && !isSentAway)) continue;
            refusal = isSentAway ? SentAway : Refused;
            Refuse(refusal.Value);
        }

        HandOver(group, ref handedOver, group.Length);
    }

    // Up to this one their outcomes are known. From the last to the first: whoever sends answers in order finds all of them behind the first.
    private static void HandOver(Place[] group, ref int from, int to)
    {
        for (var i = to - 1; i >= from; i--) group[i].End(group[i].Outcome);
        from = to;
    }

    private void Refuse(in Outcome refusal)
    {
        Place[] refused;
        lock (_sync)
        {
            _refusal = refusal;
            refused = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var place in refused) place.End(refusal);
    }

    /// <summary>A proposal, and where its outcome goes.</summary>
    private sealed class Place(ReadOnlyMemory<byte> encoded, bool handsOverAtOnce)
        : TaskCompletionSource<Outcome>(handsOverAtOnce ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously)
    {
        private CancellationTokenRegistration _giveUp;

        public ReadOnlyMemory<byte> Encoded => encoded;

        public Activity? Origin { get; } = ProposalTrace.Origin;

        public bool CanGoElsewhere { get; init; }

        /// <summary>Its outcome, until it is handed over.</summary>
        public Outcome Outcome { get; set; }

        /// <summary>Who waits may give up; the change may still come about. To be called before anybody else knows it.</summary>
        public void GiveUpWith(CancellationToken token)
        {
            if (token.CanBeCanceled) _giveUp = token.UnsafeRegister(static self => ((Place)self!).TrySetResult(new(Code.OutcomeUnknown, 0)), this);
        }

        /// <summary>The outcome, unless whoever waited has given up.</summary>
        public void End(in Outcome outcome)
        {
            _giveUp.Unregister();
            TrySetResult(outcome);
        }
    }
}
