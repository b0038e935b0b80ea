using Membership.Audit;
using Membership.Cli.Output;

namespace Membership.Cli.Audit;

/// <summary>Audit records as results: in JSON the names and values of the wire, so that the chain can be verified from them.</summary>
internal static class AuditFields
{
    /// <summary>What the table shows.</summary>
    public static IReadOnlyList<string> Columns { get; } = ["number", "revision", "time", "actor", "actor_role", "action", "attributes"];

    public static Fields Of(AuditEntry record) => new()
    {
        { "number", record.Number },
        { "revision", record.Revision },
        { "time", Moment.OfMilliseconds(DateTimeOffset.FromUnixTimeMilliseconds(record.Time)) },
        { "actor", record.Actor },
        { "actor_role", record.ActorRole },
        { "request_id", record.RequestId },
        { "action", record.Action },
        { "attributes", record.Attributes },
        { "previous_hash", Convert.ToHexStringLower(record.PreviousHash.Span) },
        { "hash", Convert.ToHexStringLower(record.Hash.Span) },
    };
}
