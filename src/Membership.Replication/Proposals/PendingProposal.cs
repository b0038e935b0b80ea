using System.Diagnostics;
using Membership.Replication.Telemetry;

namespace Membership.Replication.Proposals;

/// <summary>A proposal on its way through one leadership.</summary>
/// <param name="encoded">From <see cref="Proposal.Encode"/>.</param>
internal sealed class PendingProposal(ReadOnlyMemory<byte> encoded)
{
    // Asynchronously: nobody's code runs in the middle of Apply.
    private readonly TaskCompletionSource<Outcome> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The one that must not come before this one; null for the last of its group.</summary>
    public PendingProposal? Behind { get; set; }

    /// <summary>Whose share of a crowded queue it takes; null for nobody's.</summary>
    public NetworkId? Share { get; set; }

    /// <summary>As it stands in an entry.</summary>
    public ReadOnlyMemory<byte> Encoded => encoded;

    /// <summary>What its caller is within, for a trace; null while nobody listens.</summary>
    public Activity? Origin { get; init; } = ProposalTrace.Origin;

    /// <summary>
    /// The outcome from Apply; or <see cref="Code.Overloaded"/> or <see cref="Code.NotLeader"/>: nothing happened; or
    /// <see cref="Code.OutcomeUnknown"/>: leadership was lost while it was in flight.
    /// </summary>
    public Task<Outcome> Answer => _answer.Task;

    /// <summary>Answers it; only the first answer counts.</summary>
    public void TryAnswer(in Outcome outcome) => _answer.TrySetResult(outcome);
}
