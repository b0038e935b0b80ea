using System.Collections.Immutable;
using Membership.Queries;

namespace Membership.Protocol.Requests;

/// <summary><c>get_audit</c>.</summary>
/// <param name="Filter">Which records.</param>
/// <param name="Limit">1 to 1000; null for all.</param>
/// <param name="After">The number of the last record seen.</param>
public sealed record GetAudit(AuditFilter Filter, int? Limit, ulong? After) : Query
{
    /// <inheritdoc/>
    public override Credential Credential => Credential.Admin;

    /// <inheritdoc/>
    public override NetworkId? Network => Filter.Network;
}

/// <summary><c>watch</c>: waits for events.</summary>
/// <param name="FromRevision">Events of this revision and later ones.</param>
/// <param name="Id">Those of one network; null for all.</param>
/// <param name="Node">Those that name a node; null for all.</param>
/// <param name="Actions">Those of these actions; empty for all.</param>
/// <param name="Max">At most so many: 1 to 1000.</param>
/// <param name="WaitMs">Waits at most so long for the first: 0 to 30000 ms.</param>
public sealed record Watch(
    ulong FromRevision, NetworkId? Id, NodeId? Node, ImmutableArray<string> Actions, int Max, int WaitMs) : Query
{
    /// <inheritdoc/>
    public override NetworkId? Network => Id;
}
