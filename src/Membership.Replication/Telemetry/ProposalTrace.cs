using System.Diagnostics;
using Membership.Mutations;
using Membership.Replication.Proposals;

namespace Membership.Replication.Telemetry;

/// <summary>
/// One trace from a caller to Apply: <c>membership.propose</c>, over <c>membership.forward</c> where another replica leads, then
/// <c>membership.entry</c>, and <c>membership.apply</c> within it. Many proposals share an entry: it goes on with the trace of the first one
/// that has any, and links to the others'.
/// </summary>
internal static class ProposalTrace
{
    // More would be a trace that nobody reads, and an entry has up to 4 096 proposals.
    private const int LinksMax = 128;

    /// <summary>What the present caller is within; null while nobody listens.</summary>
    public static Activity? Origin => IsListenedTo ? Activity.Current : null;

    /// <summary>Whether anybody wants to know.</summary>
    public static bool IsListenedTo => MembershipTelemetry.Source.HasListeners();

    /// <summary>A caller waits for the outcome of a proposal.</summary>
    public static Activity? Propose(MutationKind kind) =>
        IsListenedTo ? MembershipTelemetry.Source.StartActivity("membership.propose")?.SetTag("membership.command", kind.ToText()) : null;

    /// <summary>Proposals go to the leader.</summary>
    public static Activity? Forward(IReadOnlyList<PendingProposal> proposals, string? leader) =>
        Start("membership.forward", ActivityKind.Client, proposals)?.SetTag("membership.leader.id", leader);

    /// <summary>An entry is on its way from the leader to a majority.</summary>
    public static Activity? Entry(IReadOnlyList<PendingProposal> proposals, long term) =>
        Start("membership.entry", ActivityKind.Internal, proposals)?.SetTag("membership.term", term);

    /// <summary>An entry of this leader is applied.</summary>
    public static Activity? Apply(Activity entry, long index) =>
        MembershipTelemetry.Source.StartActivity("membership.apply", ActivityKind.Internal, entry.Context)?.SetTag("membership.index", index);

    private static Activity? Start(string name, ActivityKind kind, IReadOnlyList<PendingProposal> proposals)
    {
        if (!IsListenedTo) return null;
        var origins = proposals.Select(proposal => proposal.Origin).OfType<Activity>().Distinct().Take(LinksMax + 1).ToArray();
        var parent = origins.Length > 0 ? origins[0].Context : default;
        var links = origins.Skip(1).Select(origin => new ActivityLink(origin.Context));
        return MembershipTelemetry.Source.StartActivity(name, kind, parent, links: links)?.SetTag("membership.proposals", proposals.Count);
    }
}
