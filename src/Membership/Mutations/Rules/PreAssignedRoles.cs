using Membership.Events;

namespace Membership.Mutations.Rules;

/// <summary>Roles that wait for an external id. In force only while the network is enterprise.</summary>
internal static class PreAssignedRoles
{
    /// <summary>The role that this external id is pre-assigned; the empty one matches nothing.</summary>
    public static Role? Of(MutationContext c, Network network, string externalId)
    {
        if (!network.Enterprise || externalId.Length == 0) return null;
        var key = new State.PreAssignmentKey(network.Id.Value, ExternalIdFolding.Fold(externalId));
        return c.State.Tables.PreAssignments.TryGetValue(key, out var assignment) ? assignment.Role : null;
    }

    /// <summary>After a new external id: each network that the node is in, and does not own, gives it the role that matches.</summary>
    public static void ApplyTo(MutationContext c, NodeId id, string externalId)
    {
        foreach (var networkId in Departure.NetworksOf(c, id))
        {
            if (!c.State.TryGetNetwork(networkId, out var network)
                || !c.State.TryGetMember(networkId, id, out var member)
                || member.Role == Role.Owner
                || Of(c, network, externalId) is not { } role
                || role == member.Role)
            {
                continue;
            }

            c.State.PutMember(networkId, id, member with { Role = role });
            if (role == Role.Admin)
            {
                c.Say(new MemberPromoted(networkId, id, member.Role, RoleChangeCause.PreAssignment));
            }
            else
            {
                c.Say(new MemberDemoted(networkId, id, member.Role, RoleChangeCause.PreAssignment));
                InviteRemoval.SentBy(c, id, networkId, InviteRevokeCause.InviterDemoted);
            }
        }
    }
}
