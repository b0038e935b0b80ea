using System.Collections.Immutable;
using System.Diagnostics;

namespace Membership.Replication.Proposals;

/// <summary>The proposals of one entry. Travels as the entry's context, and comes back from the log when that entry is applied.</summary>
/// <param name="term">The term under which the entry was appended.</param>
/// <param name="proposals">In the order of the entry.</param>
internal sealed class Batch(long term, IReadOnlyList<PendingProposal> proposals)
{
    /// <summary>The trace of its entry; null while nobody listens.</summary>
    public Activity? Entry { get; init; }

    /// <summary>The answers on their way to callers in this process; null until the entry is applied, and when it is not this batch's.</summary>
    public Delivery? Delivery { get; private set; }

    /// <summary>
    /// Answers all, if the applied entry is this batch's own: the log keeps a context by index and hands it out with another leader's
    /// entry when that one replaced ours. Index and term together name an entry exactly.
    /// </summary>
    public void Applied(long appliedTerm, ImmutableArray<Outcome> outcomes)
    {
        if (appliedTerm != term || outcomes.Length != proposals.Count)
        {
            Abandon();
            return;
        }

        Delivery = new();
        for (var i = 0; i < outcomes.Length; i++) proposals[i].TryAnswer(outcomes[i], Delivery);
        Delivery.Close();
    }

    /// <summary>Whoever has no answer yet gets none: the entry may or may not be committed.</summary>
    public void Abandon()
    {
        foreach (var proposal in proposals) proposal.TryAnswer(new(Code.OutcomeUnknown, 0));
    }
}
