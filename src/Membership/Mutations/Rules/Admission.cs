using Membership.Events;

namespace Membership.Mutations.Rules;

/// <summary>How a node becomes a member: by joining or by accepting an invite, with one rule for its role.</summary>
/// <remarks>Source: command specification, <c>join_network</c>.</remarks>
internal static class Admission
{
    /// <summary>Whether the policy leaves no room for one more; 0 is no limit.</summary>
    public static bool IsFull(MutationContext c, Network network) =>
        network.Policy.MaxMembers != 0 && c.State.CountMembers(network.Id) >= network.Policy.MaxMembers;

    /// <summary>Makes the node a member and says so; the first of an empty network owns it whatever is pre-assigned.</summary>
    public static void Admit(MutationContext c, Network network, NodeId id, Node node)
    {
        var empty = !c.State.Tables.Owners.ContainsKey(network.Id);
        var role = empty ? Role.Owner : PreAssignedRoles.Of(c, network, node.ExternalId) ?? Role.Member;
        c.State.AddMember(network.Id, id, new(role, c.Now, c.Revision, []));
        c.Results = c.Results with { Role = role };
        c.Say(new NetworkJoined(id, network.Id, role));
        if (empty) c.SayOwnerChanged(new(network.Id, NodeId.Nobody, id, OwnerChangeCause.FirstJoiner));
    }
}
