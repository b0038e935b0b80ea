using System.Collections.Frozen;
using Membership.Events;

namespace Membership.Replication.Watch;

/// <summary>Which events to watch; an event has to pass every part. The default selects all.</summary>
public sealed record WatchFilter
{
    /// <summary>Those of one network; null for all. Events of nodes alone belong to none.</summary>
    public NetworkId? Network { get; init; }

    /// <summary>Those that name a node in any place; null for all.</summary>
    public NodeId? Node { get; init; }

    /// <summary>Those of these actions, such as <c>network.joined</c>; empty for all.</summary>
    public IReadOnlySet<string> Actions { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Whether the filter lets this event pass.</summary>
    public bool Selects(AppliedEvent applied)
    {
        ArgumentNullException.ThrowIfNull(applied);
        if (Actions.Count > 0 && !Actions.Contains(applied.Event.Action)) return false;
        if (Network is null && Node is null) return true;
        var subjects = EventSubjects.Of(applied.Event);
        return (Network is not { } network || subjects.Network == network) && (Node is not { } node || subjects.Names(node));
    }

    /// <summary>What of the present state a consumer of these events has to know.</summary>
    internal bool SelectsNodes => Network is null && SelectsAny("node.", "identity.", "task_exec.");

    internal bool SelectsNetworks => Node is null && SelectsAny("network.");

    internal bool SelectsMembers => SelectsAny("network.", "member.", "member_tags.");

    internal bool SelectsInvites => SelectsAny("invite.");

    private bool SelectsAny(params ReadOnlySpan<string> families)
    {
        if (Actions.Count == 0) return true;
        foreach (var family in families)
        {
            if (Actions.Any(action => action.StartsWith(family, StringComparison.Ordinal))) return true;
        }

        return false;
    }
}
