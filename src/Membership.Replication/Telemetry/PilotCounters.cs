using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Membership.Events;

namespace Membership.Replication.Telemetry;

/// <summary>The counters that the Pilot registry has, by the names under which Prometheus knows them there.</summary>
/// <remarks>Source: command specification, section 4. An exporter for Prometheus makes <c>pilot_invites_sent_total</c> of the first.</remarks>
internal sealed class PilotCounters(Meter meter)
{
    private readonly Counter<long> _sent = meter.CreateCounter<long>("pilot.invites.sent", "{invite}", "Invites sent.");
    private readonly Counter<long> _accepted = meter.CreateCounter<long>("pilot.invites.accepted", "{invite}", "Invites accepted.");
    private readonly Counter<long> _rejected = meter.CreateCounter<long>("pilot.invites.rejected", "{invite}", "Invites refused by the invited.");
    private readonly Counter<long> _roles = meter.CreateCounter<long>(
        "pilot.rbac.operations", "{operation}", "Commands that changed a role, by `op`: `kick`, `promote`, `demote`, `transfer_ownership`.");

    private readonly Counter<long> _preAssigned = meter.CreateCounter<long>(
        "pilot.rbac.pre_assignments", "{operation}", "Roles that members got because they were pre-assigned.");

    private readonly Counter<long> _policies = meter.CreateCounter<long>("pilot.policy.changes", "{change}", "Changes of a network's policy.");

    /// <summary>Whether somebody listens.</summary>
    public bool Enabled => _sent.Enabled || _accepted.Enabled || _rejected.Enabled || _roles.Enabled || _preAssigned.Enabled || _policies.Enabled;

    /// <summary>Counts the events of an entry.</summary>
    public void Count(ImmutableArray<AppliedEvent> events)
    {
        var counts = new Counts();
        foreach (var applied in events) counts.Add(applied.Event);
        Report(_sent, counts.Sent);
        Report(_accepted, counts.Accepted);
        Report(_rejected, counts.Rejected);
        Report(_preAssigned, counts.PreAssigned);
        Report(_policies, counts.Policies);
        ReportRole("kick", counts.Kicked);
        ReportRole("promote", counts.Promoted);
        ReportRole("demote", counts.Demoted);
        ReportRole("transfer_ownership", counts.Transferred);
    }

    private static void Report(Counter<long> counter, long count)
    {
        if (count > 0) counter.Add(count);
    }

    private void ReportRole(string operation, long count)
    {
        if (count > 0) _roles.Add(count, new KeyValuePair<string, object?>("op", operation));
    }

    private struct Counts
    {
        public long Sent;
        public long Accepted;
        public long Rejected;
        public long Kicked;
        public long Promoted;
        public long Demoted;
        public long Transferred;
        public long PreAssigned;
        public long Policies;

        public void Add(Event happened)
        {
            switch (happened)
            {
                case InviteCreated: Sent++; break;
                case InviteResponded { Accepted: true }: Accepted++; break;
                case InviteResponded: Rejected++; break;
                case MemberKicked: Kicked++; break;
                case MemberPromoted { Cause: null }: Promoted++; break;
                case MemberDemoted { Cause: null }: Demoted++; break;
                case OwnershipTransferred: Transferred++; break;
                case NetworkPolicyChanged: Policies++; break;
                // Whoever joins as an admin does so by a pre-assigned role alone; one that says plain member shows in no event.
                case MemberPromoted or MemberDemoted or NetworkJoined { Role: Role.Admin }: PreAssigned++; break;
            }
        }
    }
}
