using Membership.Events;
using Membership.State;

namespace Membership.Mutations.Rules;

/// <summary>How a member goes, by leaving, being kicked or being deregistered: its membership, its invites, the succession.</summary>
/// <remarks>Source: command specification, section 3, succession.</remarks>
internal static class Departure
{
    /// <summary>
    /// Removes the member with the invites that it sent in this network; when it owned the network, the admin that joined first
    /// follows, else the member that joined first, else the network stays empty.
    /// </summary>
    public static void Leave(MutationContext c, NetworkId network, NodeId node, in Member member, string inviteCause)
    {
        c.State.RemoveMember(network, node, member);
        InviteRemoval.SentBy(c, node, network, inviteCause);
        if (member.Role != Role.Owner || !TryGetHeir(c, network, out var heir)) return;
        c.State.TryGetMember(network, heir, out var successor);
        c.State.PutMember(network, heir, successor with { Role = Role.Owner });
        c.SayOwnerChanged(new(network, node, heir, OwnerChangeCause.Succession));
    }

    /// <summary>The networks of a node, ascending, as a list that stays when they change.</summary>
    public static List<NetworkId> NetworksOf(MutationContext c, NodeId node) => [.. c.State.Tables.Members.NetworksOf(node)];

    private static bool TryGetHeir(MutationContext c, NetworkId network, out NodeId heir)
    {
        var (from, to) = Ranges.ByJoin(network);
        foreach (var (_, admin) in c.State.Tables.AdminsByJoin.Between(from, to))
        {
            heir = admin;
            return true;
        }

        foreach (var (_, member) in c.State.Tables.MembersByJoin.Between(from, to))
        {
            heir = member;
            return true;
        }

        heir = default;
        return false;
    }
}
