using Membership.Cli.Output;
using Membership.State;

namespace Membership.Cli.Files;

/// <summary>States as results.</summary>
internal static class StateFields
{
    /// <summary>Which state it is.</summary>
    public static Fields Of(MembershipState state) => new()
    {
        { "cluster", state.ClusterId },
        { "index", state.AppliedIndex },
        { "term", state.AppliedTerm },
        { "revision", state.Revision },
        { "digest", state.Digest },
    };

    /// <summary>How much is in it.</summary>
    public static Fields CountsOf(MembershipState state)
    {
        var counts = state.Counts;
        return new()
        {
            { "time", Moment.OfMilliseconds(DateTimeOffset.FromUnixTimeMilliseconds(state.ClusterTime)) },
            { "version", state.Version },
            { "nodes", counts.Nodes },
            { "networks", counts.Networks },
            { "members", counts.Members },
            { "invites", counts.Invites },
            { "sessions", counts.Sessions },
            { "audit_records", state.AuditCount },
            { "audit_number", state.LastAuditNumber },
            { "audit_head", Convert.ToHexStringLower(state.AuditHead.Span) },
        };
    }
}
