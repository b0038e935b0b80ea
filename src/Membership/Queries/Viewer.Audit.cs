using System.Collections.Immutable;
using Membership.Audit;

namespace Membership.Queries;

/// <summary>Which audit records to answer; a null field asks for all.</summary>
public sealed record AuditFilter
{
    /// <summary>Records of this network.</summary>
    public NetworkId? Network { get; init; }

    /// <summary>Records that name this node in any attribute.</summary>
    public NodeId? Node { get; init; }

    /// <summary>Records of this action.</summary>
    public string? Action { get; init; }

    /// <summary>Records of this revision and later ones.</summary>
    public ulong? FromRevision { get; init; }

    internal bool Matches(AuditEntry entry) =>
        (Action is null || entry.Action == Action)
        && (Network is not { } network || Names(entry, "network_id", network.Value))
        && (Node is not { } node || NodeAttributes.Any(attribute => Names(entry, attribute, node.Value)));

    private static readonly ImmutableArray<string> NodeAttributes =
        ["node_id", "target_node_id", "inviter_id", "creator_node_id", "old_owner", "new_owner"];

    private static bool Names(AuditEntry entry, string attribute, ulong value) =>
        entry.Attributes.TryGetValue(attribute, out var held) && held is ulong number && number == value;
}

public sealed partial class Viewer
{
    /// <summary><c>get_audit</c>: admins only.</summary>
    /// <param name="filter">Which records.</param>
    /// <param name="limit">At most so many; null for all.</param>
    /// <param name="after">The number of the last record seen.</param>
    /// <returns>
    /// Rejected for the backbone and for nobody, of whom there are no records; and with
    /// <see cref="Code.AuditTruncated"/>, the answer holding the oldest revision there is, when records further back are
    /// asked for.
    /// </returns>
    public QueryResult<AuditAnswer> GetAudit(AuditFilter filter, int? limit = null, ulong? after = null)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (!IsAdmin) return QueryResult<AuditAnswer>.Rejected(Code.AdminRequired);
        if (filter.Network is { IsBackbone: true }) return QueryResult<AuditAnswer>.Rejected(Code.NetworkNotFound);
        if (filter.Node is { IsNobody: true }) return QueryResult<AuditAnswer>.Rejected(Code.NodeNotFound);
        var audit = _state.Tables.Audit;
        var hasOldest = audit.TryGet(audit.First, out var oldest);
        var oldestRevision = hasOldest ? oldest.Revision : 0;
        var isCut = hasOldest && audit.First > 1;
        if (isCut && (filter.FromRevision < oldestRevision || after + 1 < audit.First))
            return new(Code.AuditTruncated, new([], null, oldestRevision));

        var records = ImmutableArray.CreateBuilder<AuditEntry>();
        foreach (var (_, record) in audit.From(Math.Max(after + 1 ?? 0, FirstFrom(filter.FromRevision))))
        {
            var entry = AuditRecordFormat.Decode(record.Encoded);
            if (!filter.Matches(entry)) continue;
            if (records.Count == limit)
            {
                var next = records.Count > 0 ? records[^1].Number : after;
                return QueryResult<AuditAnswer>.Ok(new(records.DrainToImmutable(), next, oldestRevision));
            }

            records.Add(entry);
        }

        return QueryResult<AuditAnswer>.Ok(new(records.DrainToImmutable(), null, oldestRevision));
    }

    // Numbers have no gaps and rise with revisions, so the first record of a revision is found by halving.
    private ulong FirstFrom(ulong? revision)
    {
        var audit = _state.Tables.Audit;
        if (revision is not { } wanted) return 0;
        var (low, high) = (audit.First, audit.Next);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            audit.TryGet(middle, out var record);
            if (record.Revision < wanted) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
