using Membership.Events;

namespace Membership.Queries;

public sealed partial class Viewer
{
    /// <summary>Whether the viewer may see this network now: <c>See(net)</c>. The backbone is nobody's secret.</summary>
    public bool MaySee(NetworkId network) => network.IsBackbone || TrySee(network, out _);

    /// <summary>
    /// <c>watch</c>: whether the viewer may see an event, which is what some query of the present state would show it, and whatever
    /// happened to itself. Admins see all.
    /// </summary>
    /// <param name="applied">The event; of this state or an earlier one.</param>
    public bool MaySee(AppliedEvent applied)
    {
        ArgumentNullException.ThrowIfNull(applied);
        if (IsAdmin) return true;
        return applied.Event switch
        {
            // get_node shows the rest of a node to everybody.
            ExternalIdSet set => Is(set.Node),
            NodeRegistered or NodeDeregistered or NodeKeyRotated or TaskExecChanged => true,

            // No query shows these to anybody but admins.
            NetworkAdminTokenChanged or PreAssignmentsSet => false,
            InviteCreated or InviteResponded or InviteRevoked or InviteExpired => MaySeeOfNetwork(applied, onlyIfManaged: true),
            _ => MaySeeOfNetwork(applied, onlyIfManaged: false),
        };
    }

    private bool MaySeeOfNetwork(AppliedEvent applied, bool onlyIfManaged)
    {
        var subjects = EventSubjects.Of(applied.Event);
        if (Is(subjects.Node) || (_access == DirectoryAccess.Open && !onlyIfManaged)) return true;

        // A deleted network is in no state any more; an id that was given out again is another network, with other members.
        var id = subjects.Network!.Value;
        if (applied.Event is NetworkDeleted { Audience: { } audience }) return audience.Includes(_requester);
        if (!_state.Tables.Networks.TryGetValue(id, out var network) || applied.Time < network.CreatedAt) return false;
        return onlyIfManaged ? CheckManages(id) == Code.Ok : MaySee(network);
    }
}
