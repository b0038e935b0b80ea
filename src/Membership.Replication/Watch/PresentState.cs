using Membership.Queries;
using Membership.State;

namespace Membership.Replication.Watch;

/// <summary>One state as the items that a filter selects: nodes, then each network with its members and invites, by id.</summary>
/// <remarks>Lazy: it holds the state, and of it as much as a page of a list.</remarks>
internal sealed class PresentState(MembershipState state, WatchFilter filter, ulong nextRevision)
{
    private const int PageLength = 256;

    private readonly Viewer _viewer = new(state, Actor.Admin());

    public IEnumerable<PresentItem> Items()
    {
        foreach (var node in Nodes()) yield return new PresentNode(node) { NextRevision = nextRevision };
        foreach (var network in Networks())
        {
            if (filter.SelectsNetworks) yield return new PresentNetwork(network) { NextRevision = nextRevision };
            foreach (var member in Members(network.Id)) yield return new PresentMember(member) { NextRevision = nextRevision };
            foreach (var invite in Invites(network.Id)) yield return new PresentInvite(network.Id, invite) { NextRevision = nextRevision };
        }
    }

    private IEnumerable<NodeAnswer> Nodes()
    {
        if (!filter.SelectsNodes) return [];
        if (filter.Node is { } node) return _viewer.GetNode(node) is { Answer: { } found } ? [found] : [];
        return Paged<MemberAnswer, MemberCursor>(after => _viewer.ListNodes(NetworkId.Backbone, PageLength, after).Answer)
            .Select(listed => _viewer.GetNode(listed.Address.Node).Answer!);
    }

    private IEnumerable<NetworkAnswer> Networks()
    {
        if (filter.Network is { } network)
            return !network.IsBackbone && _viewer.GetNetwork(network) is { Answer: { } found } ? [found] : [];
        return Paged<NetworkAnswer, NetworkId>(after => _viewer.ListNetworks(PageLength, after)).Where(listed => !listed.Id.IsBackbone);
    }

    private IEnumerable<MemberAnswer> Members(NetworkId network)
    {
        if (!filter.SelectsMembers) return [];
        if (filter.Node is { } node) return _viewer.GetMember(network, node) is { Answer: { } found } ? [found] : [];
        return Paged<MemberAnswer, MemberCursor>(after => _viewer.ListNodes(network, PageLength, after).Answer);
    }

    private IEnumerable<InviteAnswer> Invites(NetworkId network)
    {
        if (!filter.SelectsInvites) return [];
        var invites = Paged<InviteAnswer, NodeId>(after => _viewer.ListInvites(network, PageLength, after).Answer);
        return filter.Node is { } node ? invites.Where(invite => invite.Target == node || invite.Inviter == node) : invites;
    }

    private static IEnumerable<TItem> Paged<TItem, TCursor>(Func<TCursor?, Page<TItem, TCursor>?> read)
        where TCursor : struct
    {
        TCursor? after = null;
        do
        {
            if (read(after) is not { } page) yield break;
            foreach (var item in page.Items) yield return item;
            after = page.Next;
        }
        while (after is not null);
    }
}
