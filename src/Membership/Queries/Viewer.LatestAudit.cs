using System.Collections.Immutable;
using Membership.Audit;

namespace Membership.Queries;

public sealed partial class Viewer
{
    // Decoding so many takes some milliseconds: whoever looks for what is rare asks several times, and holds nobody up.
    private const int LatestLookedAtMax = 4096;

    /// <summary>The audit trail backwards, the latest record first, for those who look at it: admins only.</summary>
    /// <param name="filter">Which records.</param>
    /// <param name="limit">At most so many, 1 and more.</param>
    /// <param name="before">The number of the last record seen, or the page's own <c>Next</c>.</param>
    /// <param name="selects">Which of those that the filter selects; null for all.</param>
    /// <returns>
    /// A page that goes through a bounded number of records, so that it may hold fewer than asked for, or none, and yet go on. It ends
    /// where the filter's revision does, or with the oldest record that is held. Rejected as by <see cref="GetAudit"/>, but for
    /// <see cref="Code.AuditTruncated"/>.
    /// </returns>
    public QueryResult<Page<AuditEntry, ulong>> GetLatestAudit(AuditFilter filter, int limit, ulong? before = null, Func<AuditEntry, bool>? selects = null)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (!IsAdmin) return QueryResult<Page<AuditEntry, ulong>>.Rejected(Code.AdminRequired);
        if (filter.Network is { IsBackbone: true }) return QueryResult<Page<AuditEntry, ulong>>.Rejected(Code.NetworkNotFound);
        if (filter.Node is { IsNobody: true }) return QueryResult<Page<AuditEntry, ulong>>.Rejected(Code.NodeNotFound);
        var records = ImmutableArray.CreateBuilder<AuditEntry>();
        var number = Math.Min(before ?? ulong.MaxValue, _state.Counters.LastAuditNumber + 1);
        for (var looked = 0; _state.Tables.Audit.TryGet(number - 1, out var record) && !(record.Revision < filter.FromRevision); looked++)
        {
            if (records.Count == limit || looked == LatestLookedAtMax)
                return QueryResult<Page<AuditEntry, ulong>>.Ok(new(records.DrainToImmutable(), number));
            number--;
            var entry = AuditRecordFormat.Decode(record.Encoded);
            if (filter.Matches(entry) && selects?.Invoke(entry) != false) records.Add(entry);
        }

        return QueryResult<Page<AuditEntry, ulong>>.Ok(new(records.DrainToImmutable(), null));
    }
}
