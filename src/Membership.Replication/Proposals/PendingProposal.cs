using System.Diagnostics;
using Membership.Replication.Telemetry;

namespace Membership.Replication.Proposals;

/// <summary>A proposal on its way through one leadership.</summary>
/// <param name="encoded">From <see cref="Proposal.Encode"/>.</param>
/// <param name="options">How its continuations run.</param>
/// <remarks>It is its own completion source. Nobody's code runs in the middle of Apply: it continues in the pool.</remarks>
internal class PendingProposal(ReadOnlyMemory<byte> encoded, TaskCreationOptions options = TaskCreationOptions.RunContinuationsAsynchronously)
    : TaskCompletionSource<Outcome>(options)
{
    private int _isAnswered;

    /// <summary>The one that must not come before this one; null for the last of its group.</summary>
    public PendingProposal? Behind { get; set; }

    /// <summary>Whose share of a crowded queue it takes; null for nobody's.</summary>
    public NetworkId? Share { get; set; }

    /// <summary>As it stands in an entry.</summary>
    public ReadOnlyMemory<byte> Encoded => encoded;

    /// <summary>Whether its caller can ask another replica, and so is not kept waiting while this one sees no leader.</summary>
    public bool CanGoElsewhere { get; init; }

    /// <summary>What its caller is within, for a trace; null while nobody listens.</summary>
    public Activity? Origin { get; init; } = ProposalTrace.Origin;

    /// <summary>Whether there was an answer: no further one counts.</summary>
    public bool IsAnswered => Volatile.Read(ref _isAnswered) != 0;

    /// <summary>
    /// The outcome from Apply; or <see cref="Code.Overloaded"/> or <see cref="Code.NotLeader"/>: nothing happened; or
    /// <see cref="Code.OutcomeUnknown"/>: leadership was lost while it was in flight.
    /// </summary>
    public Task<Outcome> Answer => Task;

    /// <summary>Answers it; only the first answer counts.</summary>
    /// <param name="outcome">The answer.</param>
    /// <param name="delivery">To be told of a caller's turn; null when nobody waits for it.</param>
    public void TryAnswer(in Outcome outcome, Delivery? delivery = null)
    {
        if (Interlocked.Exchange(ref _isAnswered, 1) == 0) OnAnswered(outcome, delivery);
    }

    /// <summary>Takes the answer, on whichever thread has it: to be quick, and not to throw.</summary>
    protected virtual void OnAnswered(in Outcome outcome, Delivery? delivery) => SetResult(outcome);
}
