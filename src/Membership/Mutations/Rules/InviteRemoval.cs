using Membership.Events;
using Membership.State;

namespace Membership.Mutations.Rules;

/// <summary>
/// How invites go before they are answered. One that is held but expired counts as gone already, so its event says that it expired.
/// </summary>
internal static class InviteRemoval
{
    /// <summary>All that a member sent in one network.</summary>
    public static void SentBy(MutationContext c, NodeId inviter, NetworkId network, string cause)
    {
        foreach (var (key, _) in c.State.Tables.InvitesSent.Listed(Ranges.SentBy(inviter, network)))
            Remove(c, key.Target, network, cause);
    }

    /// <summary>All that a node sent in any network.</summary>
    public static void SentBy(MutationContext c, NodeId inviter, string cause)
    {
        foreach (var (key, _) in c.State.Tables.InvitesSent.Listed(Ranges.SentBy(inviter)))
            Remove(c, key.Target, key.Network, cause);
    }

    /// <summary>All that wait for one node.</summary>
    public static void SentTo(MutationContext c, NodeId target, string cause)
    {
        foreach (var (key, _) in c.State.Tables.Invites.Listed(Ranges.OfNode(target)))
            Remove(c, target, key.Network, cause);
    }

    /// <summary>All of one network.</summary>
    public static void InNetwork(MutationContext c, NetworkId network, string cause)
    {
        foreach (var (key, _) in c.State.Tables.InvitesByNetwork.Listed(Ranges.Members(network)))
            Remove(c, key.Node, network, cause);
    }

    private static void Remove(MutationContext c, NodeId target, NetworkId network, string cause)
    {
        if (!c.State.TryGetHeldInvite(target, network, out var invite)) return;
        c.State.RemoveInvite(target, network, invite);
        c.SayInviteGone(network, target, c.State.IsLive(invite)
            ? new InviteRevoked(network, target, cause)
            : new InviteExpired(network, target));
    }
}
