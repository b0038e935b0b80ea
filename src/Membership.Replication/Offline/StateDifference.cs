using System.Collections.Immutable;
using Membership.Audit;
using Membership.State;

namespace Membership.Replication.Offline;

/// <summary>What lies between two revisions.</summary>
/// <param name="After">The revision before the first change.</param>
/// <param name="State">The state after the last change.</param>
/// <param name="Changes">The changes, in order.</param>
public sealed record StateDifference(ulong After, MembershipState State, ImmutableArray<AuditEntry> Changes);
