using Membership.Queries;

namespace Membership.Replication.Watch;

/// <summary>A part of the present state, where the events that led to it are gone. All parts are of one state.</summary>
public abstract record PresentItem : WatchItem
{
    private protected PresentItem()
    {
    }
}

/// <summary>A registered node.</summary>
/// <param name="Node">The node.</param>
public sealed record PresentNode(NodeAnswer Node) : PresentItem;

/// <summary>A live network, the backbone not among them.</summary>
/// <param name="Network">The network.</param>
public sealed record PresentNetwork(NetworkAnswer Network) : PresentItem;

/// <summary>A membership.</summary>
/// <param name="Member">The member, its address naming network and node.</param>
public sealed record PresentMember(MemberAnswer Member) : PresentItem;

/// <summary>A live invite.</summary>
/// <param name="Network">The network.</param>
/// <param name="Invite">Who is invited by whom.</param>
public sealed record PresentInvite(NetworkId Network, InviteAnswer Invite) : PresentItem;
