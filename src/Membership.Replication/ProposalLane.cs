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

    private readonly ProposalRouter _router;
    private readonly OwnSessions _sessions;
    private readonly Lock _sync = new();
    private readonly Queue<Place> _waiting = [];
    private bool _isRunning;
    private bool _isRefusing;

    internal ProposalLane(ProposalRouter router, OwnSessions sessions) => (_router, _sessions) = (router, sessions);

    /// <summary>As <see cref="MembershipReplica.ProposeAsync(Mutation, Actor, CancellationToken)"/>, behind all before it.</summary>
    /// <param name="mutation">What is asked.</param>
    /// <param name="actor">Who asks, as authenticated by the caller.</param>
    /// <param name="token">Gives up waiting; the change may still come about.</param>
    public Task<Outcome> ProposeAsync(Mutation mutation, Actor actor, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(mutation);
        return _sessions.ProposeAsync(mutation, actor, proposal => ProposeAsync(proposal, token));
    }

    /// <summary>As <see cref="MembershipReplica.ProposeAsync(Proposal, CancellationToken)"/>, behind all before it.</summary>
    /// <param name="proposal">What is asked, by whom, under which id.</param>
    /// <param name="token">Gives up waiting; the change may still come about.</param>
    public async Task<Outcome> ProposeAsync(Proposal proposal, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        if (proposal.CheckShape() is { } shape) return new(shape.Code, 0);
        using var trace = ProposalTrace.Propose(proposal.Mutation.Kind);
        var encoded = proposal.Encode();
        if (!_router.Fits(encoded)) return new(Code.InvalidArgument, 0);
        try
        {
            return await EnqueueAsync(encoded).WaitAsync(token);
        }
        catch (OperationCanceledException)
        {
            return new(Code.OutcomeUnknown, 0);
        }
    }

    /// <summary>The caller knows what was refused: what it proposes from now on is taken again.</summary>
    public void Resume()
    {
        lock (_sync) _isRefusing = false;
    }

    private Task<Outcome> EnqueueAsync(ReadOnlyMemory<byte> encoded)
    {
        var place = new Place(encoded);
        lock (_sync)
        {
            if (_isRefusing) return Task.FromResult(Refused);
            _waiting.Enqueue(place);
            if (_isRunning) return place.Outcome.Task;
            _isRunning = true;
        }

        _ = RunAsync();
        return place.Outcome.Task;
    }

    private async Task RunAsync()
    {
        while (Take() is { Count: > 0 } group)
        {
            try
            {
                await SeeThroughAsync(group);
            }
            catch (Exception e)
            {
                foreach (var place in group) place.Outcome.TrySetException(e);
            }
        }
    }

    // What fits one batch to the leader, so that it arrives in its order.
    private List<Place> Take()
    {
        var group = new List<Place>();
        var bytes = 0L;
        lock (_sync)
        {
            while (_waiting.TryPeek(out var next) && (group.Count == 0 || ProposalBatch.Fits(group.Count + 1, bytes + next.Encoded.Length)))
            {
                group.Add(_waiting.Dequeue());
                bytes += next.Encoded.Length;
            }

            _isRunning = group.Count > 0;
        }

        return group;
    }

    // In order: a new attempt for one of them comes before any for those behind it.
    private async Task SeeThroughAsync(List<Place> group)
    {
        var attempts = group.ConvertAll(static place => new PendingProposal(place.Encoded) { Origin = place.Origin });
        var deadline = _router.Send(attempts);
        var isRefused = false;
        for (var i = 0; i < group.Count; i++)
        {
            var outcome = isRefused && await attempts[i].Answer is { Code: Code.NotLeader }
                ? Refused
                : await _router.SeeThroughAsync(attempts[i], deadline, CancellationToken.None);
            if (outcome == Refused && !isRefused) Refuse();
            isRefused |= outcome == Refused;
            group[i].Outcome.SetResult(outcome);
        }
    }

    private void Refuse()
    {
        lock (_sync)
        {
            _isRefusing = true;
            while (_waiting.TryDequeue(out var place)) place.Outcome.SetResult(Refused);
        }
    }

    /// <summary>A proposal, and where its outcome goes.</summary>
    private sealed record Place(ReadOnlyMemory<byte> Encoded)
    {
        public Activity? Origin { get; } = ProposalTrace.Origin;

        public TaskCompletionSource<Outcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
