using Membership.Client;
using Membership.Queries;
using Membership.State;

namespace Membership.Registry.Tests.Client;

/// <summary>
/// What a client knows of members and invites from nothing but its watch. It insists on every event once and in order: a join of a member,
/// or the leaving of a node that is none, says that the present state was not of one revision.
/// </summary>
internal sealed class WatchPicture
{
    private readonly SortedSet<(ulong Network, ulong Node)> _members = [];
    private readonly SortedSet<(ulong Network, ulong Node)> _invites = [];
    private readonly SortedDictionary<ulong, string> _networks = [];
    private ulong _last;

    public ulong NextRevision { get; private set; }

    public int GoneCount { get; private set; }

    public int EventCount { get; private set; }

    /// <summary>Takes what the watch says until nothing below this revision is missing.</summary>
    public async Task FollowAsync(MembershipClient client, ulong revision, WatchFilter? filter = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var item in client.WatchAsync(NextRevision, filter, limit.Token))
        {
            Take(item);
            if (NextRevision > revision) return;
        }
    }

    public void Take(WatchItem item)
    {
        Assert.True(item.NextRevision >= NextRevision, "a watch went back");
        NextRevision = item.NextRevision;
        if (item is WatchedEvent happened) Take(happened);
        else Take(Assert.IsType<PresentState>(item));
    }

    public void AssertShows(MembershipState state)
    {
        var viewer = new Viewer(state, Actor.Admin());
        var networks = viewer.ListNetworks().Items.Where(network => !network.Id.IsBackbone).ToList();
        Assert.Equal(networks.Select(network => (network.Id.Value, network.Name)), _networks.Select(network => ((ushort)network.Key, network.Value)));
        Assert.Equal(
            from network in networks
            from member in viewer.ListNodes(network.Id).Answer!.Items
            orderby network.Id, member.Address.Node
            select ((ulong)network.Id.Value, (ulong)member.Address.Node.Value),
            _members);
        Assert.Equal(
            from network in networks
            from invite in viewer.ListInvites(network.Id).Answer!.Items
            orderby network.Id, invite.Target
            select ((ulong)network.Id.Value, (ulong)invite.Target.Value),
            _invites);
    }

    private void Take(PresentState present)
    {
        Assert.Equal(present.Revision + 1, present.NextRevision);
        Assert.True(present.Revision >= _last);
        (_last, GoneCount) = (present.Revision, GoneCount + 1);
        _members.Clear();
        _invites.Clear();
        _networks.Clear();
        foreach (var network in present.Networks)
        {
            var id = network.Network.Network.Value;
            _networks.Add(id, network.Network.Name);
            Assert.Equal((uint)network.Members.Length, network.Network.Members);
            foreach (var member in network.Members) Assert.True(_members.Add((id, member.Address.Node.Value)));
            foreach (var invite in network.Invites) Assert.True(_invites.Add((id, invite.Target.Value)));
        }
    }

    private void Take(WatchedEvent happened)
    {
        Assert.True(happened.Revision >= _last, "an event came late");
        (_last, EventCount) = (happened.Revision, EventCount + 1);
        ulong Id(string name) => (ulong)happened.Attributes[name];
        var what = $"{happened.Action} at revision {happened.Revision}, after {GoneCount} gaps";
        switch (happened.Action)
        {
            case "network.created":
                Assert.True(_networks.TryAdd(Id("network_id"), (string)happened.Attributes["name"]), what);
                Assert.True(_members.Add((Id("network_id"), Id("creator_node_id"))), what);
                break;
            case "network.deleted":
                Assert.True(_networks.Remove(Id("network_id")), what);
                _members.RemoveWhere(member => member.Network == Id("network_id"));
                break;
            case "network.joined":
                Assert.True(_members.Add((Id("network_id"), Id("node_id"))), what);
                break;
            case "network.left":
                Assert.True(_members.Remove((Id("network_id"), Id("node_id"))), what);
                break;
            case "invite.created":
                Assert.True(_invites.Add((Id("network_id"), Id("target_node_id"))), what);
                break;
            case "invite.responded":
                Assert.True(_invites.Remove((Id("network_id"), Id("node_id"))), what);
                break;
            case "invite.revoked":
                Assert.True(_invites.Remove((Id("network_id"), Id("target_node_id"))), what);
                break;
        }
    }
}
