using System.Collections.Immutable;
using Membership.Audit;

namespace Membership.Client;

/// <summary>A page of the audit trail.</summary>
/// <param name="Records">By number, ascending.</param>
/// <param name="OldestRevision">The revision of the oldest record that is held.</param>
/// <param name="Next">Where to go on; null when nothing was cut off.</param>
public sealed record AuditPage(ImmutableArray<AuditEntry> Records, ulong OldestRevision, PageCursor? Next);
