using System.Globalization;
using Membership.Audit;
using Membership.Events;

namespace RegistryReplica.Page;

/// <summary>An event, or its record in the audit trail: one shape for both. Neither ever holds a secret.</summary>
/// <param name="Key">What tells it from all others in its list.</param>
/// <param name="Revision">The revision.</param>
/// <param name="Time">Cluster time, Unix ms.</param>
/// <param name="Actor">Who asked, such as <c>node:5</c>.</param>
/// <param name="ActorRole">As what.</param>
/// <param name="Action">The action.</param>
/// <param name="Attributes">By name.</param>
internal sealed record EventView(
    string Key, ulong Revision, long Time, string Actor, string ActorRole, string Action, IReadOnlyDictionary<string, object> Attributes)
{
    public static EventView Of(AppliedEvent applied, int position) => new(
        string.Create(CultureInfo.InvariantCulture, $"{applied.Revision}.{position}"),
        applied.Revision,
        applied.Time,
        applied.Actor.ToString(),
        applied.ActorRole,
        applied.Event.Action,
        applied.Event.ReadAttributes());

    public static EventView Of(AuditEntry entry) => new(
        entry.Number.ToString(CultureInfo.InvariantCulture), entry.Revision, entry.Time, entry.Actor, entry.ActorRole, entry.Action, entry.Attributes);
}
