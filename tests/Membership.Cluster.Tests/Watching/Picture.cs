using Membership.Events;
using Membership.Queries;
using Membership.Replication.Watch;
using Membership.State;
using Xunit;

namespace Membership.Cluster.Tests.Watching;

/// <summary>What a consumer knows of nodes and members, from nothing but what a watch told it; it insists on every event once and in order.</summary>
internal sealed class Picture
{
    private readonly SortedDictionary<(NetworkId, NodeId), Role> _members = [];
    private readonly SortedSet<NodeId> _nodes = [];
    private readonly HashSet<(NetworkId, NodeId)> _invites = [];
    private readonly List<AppliedEvent> _events = [];
    private ulong _lastRevision;

    /// <summary>Where to go on.</summary>
    public ulong NextRevision { get; private set; }

    public int GoneCount { get; private set; }

    public IReadOnlyList<AppliedEvent> Events => _events;

    public void Take(WatchItem item)
    {
        Assert.True(item.NextRevision >= NextRevision, "a watch went back");
        NextRevision = item.NextRevision;
        switch (item)
        {
            case HistoryGone:
                GoneCount++;
                _members.Clear();
                _nodes.Clear();
                _invites.Clear();
                break;
            case PresentNode present:
                Assert.True(_nodes.Add(present.Node.Id));
                break;
            case PresentMember present:
                Assert.True(_members.TryAdd((present.Member.Address.Network, present.Member.Address.Node), present.Member.Role));
                break;
            case PresentInvite present:
                Assert.True(_invites.Add((present.Network, present.Invite.Target)));
                break;
            case PresentComplete complete:
                _lastRevision = complete.Revision;
                break;
            case EventItem happened:
                Assert.True(happened.Applied.Revision >= _lastRevision, "an event came late");
                _lastRevision = happened.Applied.Revision;
                _events.Add(happened.Applied);
                Apply(happened.Applied.Event);
                break;
        }
    }

    /// <summary>Takes what the watch says until nothing below this revision is missing.</summary>
    public async Task FollowAsync(IAsyncEnumerable<WatchItem> watch, ulong revision)
    {
        if (NextRevision > revision) return;
        await foreach (var item in watch)
        {
            Take(item);
            if (NextRevision > revision) return;
        }
    }

    /// <summary>The picture is the state.</summary>
    public void AssertShows(MembershipState state)
    {
        var viewer = new Viewer(state, Actor.Admin());
        var networks = viewer.ListNetworks().Items.Where(network => !network.Id.IsBackbone).ToList();
        Assert.Equal(viewer.ListNodes(NetworkId.Backbone).Answer!.Items.Select(node => node.Address.Node), _nodes);
        Assert.Equal(
            from network in networks from member in viewer.ListNodes(network.Id).Answer!.Items orderby network.Id, member.Address.Node select (network.Id, member.Address.Node, member.Role),
            _members.Select(member => (member.Key.Item1, member.Key.Item2, member.Value)));
        Assert.Equal(
            (from network in networks from invite in viewer.ListInvites(network.Id).Answer!.Items select (network.Id, invite.Target)).ToHashSet(), _invites);
    }

    private void Apply(Event e)
    {
        switch (e)
        {
            case NodeRegistered x:
                Assert.True(_nodes.Add(x.Node));
                break;
            case NodeDeregistered x:
                Assert.True(_nodes.Remove(x.Node));
                break;
            case NetworkCreated x:
                Assert.True(_members.TryAdd((x.Network, x.Creator), Role.Owner));
                break;
            case NetworkDeleted x:
                foreach (var key in _members.Keys.Where(key => key.Item1 == x.Network).ToList()) _members.Remove(key);
                break;
            case NetworkJoined x:
                Assert.True(_members.TryAdd((x.Network, x.Node), x.Role));
                break;
            case NetworkLeft x:
                Assert.True(_members.Remove((x.Network, x.Node)));
                break;
            case MemberKicked x:
                Assert.True(_members.Remove((x.Network, x.Target)));
                break;
            case OwnerChanged x:
                _members[(x.Network, x.NewOwner)] = Role.Owner;
                break;
            case InviteCreated x:
                Assert.True(_invites.Add((x.Network, x.Target)));
                break;
            case InviteRevoked x:
                Assert.True(_invites.Remove((x.Network, x.Target)));
                break;
            case InviteResponded x:
                Assert.True(_invites.Remove((x.Network, x.Node)));
                break;
        }
    }
}
