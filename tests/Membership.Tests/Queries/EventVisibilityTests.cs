using System.Buffers;
using System.Collections.Immutable;
using Membership.Events;
using Membership.Queries;
using Membership.State;
using Membership.Tests.Golden;
using Xunit;

namespace Membership.Tests.Queries;

/// <summary>Who may see which event: what some query shows it, and what happened to itself.</summary>
public sealed class EventVisibilityTests
{
    private const long Start = 1_000_000;

    private static readonly NodeId Owner = new(1);
    private static readonly NodeId Member = new(2);
    private static readonly NodeId Guest = new(3);
    private static readonly NodeId Stranger = new(4);
    private static readonly NetworkId Hidden = new(1);
    private static readonly NetworkId Open = new(2);
    private static readonly NetworkId Missing = new(9);

    private readonly MembershipStore _store = new(MembershipState.Founded("seen"));
    private ulong _sequence;
    private Audience? _hidden;

    public EventVisibilityTests()
    {
        for (byte key = 1; key <= 4; key++) Change(new RegisterNode(new([key, .. new byte[31]])));
        Change(new CreateNetwork { Creator = Owner, Name = "hidden", JoinRule = JoinRule.Invite, Enterprise = true });
        Change(new CreateNetwork { Creator = Owner, Name = "open" });
        Change(new InviteToNetwork(Hidden, Owner, Member));
        Change(new RespondInvite(Member, Hidden, true), Actor.ForNode(Member));
        Change(new InviteToNetwork(Hidden, Owner, Guest));
    }

    [Fact]
    public void Subjects_are_what_the_attributes_name()
    {
        foreach (var (name, e) in GoldenEvents.All)
        {
            var attributes = e.ReadAttributes();
            var subjects = EventSubjects.Of(e);
            Assert.True(subjects.Network?.Value == (ushort?)(attributes.GetValueOrDefault("network_id") as ulong?), name);
            string[] places = ["node_id", "target_node_id", "inviter_id", "creator_node_id", "old_owner", "new_owner"];
            var named = places.Select(place => attributes.GetValueOrDefault(place)).OfType<ulong>().Select(id => new NodeId((uint)id)).ToHashSet();
            for (uint id = 0; id <= 3; id++) Assert.True(subjects.Names(new(id)) == (id > 0 && named.Contains(new(id))), $"{name} {id}");
            Assert.True(subjects.Names(new(70_000)) == named.Contains(new(70_000)), name);
            Assert.True(subjects.Node.IsNobody == !(attributes.ContainsKey("node_id") || attributes.ContainsKey("target_node_id")), name);
        }
    }

    [Fact]
    public void What_get_node_shows_everybody_hears_and_external_ids_only_the_node_and_admins()
    {
        foreach (var e in new Event[] { new NodeRegistered(Guest), new NodeDeregistered(Guest), new NodeKeyRotated(Guest, 2), new TaskExecChanged(Guest, false, true) })
            Assert.Equal("nobody stranger guest member owner net admin", SeenBy(e));
        Assert.Equal("guest admin", SeenBy(new ExternalIdSet(Guest, "g")));
    }

    [Fact]
    public void What_a_network_is_those_hear_who_see_it()
    {
        foreach (var e in new Event[]
        {
            new NetworkCreated(Hidden, "hidden", JoinRule.Invite, Owner, true, false), new NetworkRenamed(Hidden, "a", "b"),
            new NetworkJoinRuleChanged(Hidden, JoinRule.Open, JoinRule.Invite, false), new ExprPolicySet(Hidden, 9), new ExprPolicyCleared(Hidden),
            new NetworkPolicyChanged(Hidden, NetworkPolicy.None, NetworkPolicy.None with { MaxMembers = 3 }), new NetworkEnterpriseChanged(Hidden, true, 2),
            new OwnerChanged(Hidden, Stranger, Owner, OwnerChangeCause.Succession), new OwnershipTransferred(Hidden, Guest, Owner, Role.Admin),
            new NetworkJoined(Member, Hidden, Role.Member), new MemberPromoted(Hidden, Member, Role.Member), new MemberTagsChanged(Hidden, Member, ["t"]),
        })
        {
            Assert.Equal("member owner net admin", SeenBy(e));
            Assert.Equal("nobody stranger guest member owner net admin", SeenBy(e, DirectoryAccess.Open));
        }

        Assert.Equal("nobody stranger guest member owner net admin", SeenBy(new NetworkRenamed(Open, "a", "b")));
        Assert.Equal("admin", SeenBy(new NetworkRenamed(Missing, "a", "b")));
        Assert.Equal("nobody stranger guest member owner net admin", SeenBy(new NetworkDeleted(Missing, "a", 3, false), DirectoryAccess.Open));
    }

    [Fact]
    public void Whoever_was_put_out_hears_of_it_and_of_nothing_else()
    {
        Assert.Equal("stranger member owner net admin", SeenBy(new MemberKicked(Stranger, Hidden, Role.Member)));
        Assert.Equal("stranger member owner net admin", SeenBy(new NetworkLeft(Stranger, Hidden)));
        Assert.Equal("stranger admin", SeenBy(new NetworkLeft(Stranger, Missing)));
    }

    [Fact]
    public void Invites_are_between_those_who_manage_the_network_and_the_invited()
    {
        foreach (var access in Enum.GetValues<DirectoryAccess>())
        {
            Assert.Equal("guest owner net admin", SeenBy(new InviteCreated(Hidden, Owner, Guest), access));
            Assert.Equal("guest owner net admin", SeenBy(new InviteRevoked(Hidden, Guest, InviteRevokeCause.Revoked), access));
            Assert.Equal("guest owner net admin", SeenBy(new InviteExpired(Hidden, Guest), access));
            Assert.Equal("stranger owner net admin", SeenBy(new InviteResponded(Stranger, Hidden, false), access));
            Assert.Equal("guest admin", SeenBy(new InviteRevoked(Missing, Guest, InviteRevokeCause.NetworkDeleted), access));
        }
    }

    [Fact]
    public void Secrets_and_pre_assigned_roles_are_for_admins()
    {
        foreach (var access in Enum.GetValues<DirectoryAccess>())
        {
            Assert.Equal("admin", SeenBy(new NetworkAdminTokenChanged(Hidden), access));
            Assert.Equal("admin", SeenBy(new PreAssignmentsSet(Open, 3), access));
        }
    }

    [Fact]
    public void What_happened_under_an_id_before_it_was_given_out_again_is_none_of_the_new_members_business()
    {
        Assert.Equal("admin", SeenBy(new NetworkRenamed(Hidden, "a", "b"), time: Start - 1));
        Assert.Equal("guest admin", SeenBy(new InviteCreated(Hidden, Owner, Guest), time: Start - 1));
        Assert.Equal("admin", SeenBy(new NetworkRenamed(Open, "a", "b"), time: Start - 1));
    }

    [Fact]
    public void Of_the_end_of_a_network_those_hear_who_could_see_it()
    {
        Assert.Equal("member owner admin", SeenBy(Deleted(Hidden, members: 2)));
        Assert.Equal("nobody stranger guest member owner net admin", SeenBy(Deleted(Open, members: 0)));

        // Whoever has the id now is another network's.
        Change(new CreateNetwork { Creator = Stranger, Name = "later", JoinRule = JoinRule.Invite, Enterprise = true });
        Assert.Equal("member owner admin", SeenBy(Deleted(new(3), members: 1) with { Audience = _hidden }));
    }

    private NetworkDeleted Deleted(NetworkId network, int members)
    {
        var deleted = Assert.IsType<NetworkDeleted>(Change(new DeleteNetwork(network))[0].Event);
        Assert.Equal(members, deleted.Audience!.NodeCount);
        _hidden ??= deleted.Audience;
        return deleted;
    }

    private static (string Name, Actor? Actor)[] Requesters =>
    [
        ("nobody", null), ("stranger", Actor.ForNode(Stranger)), ("guest", Actor.ForNode(Guest)), ("member", Actor.ForNode(Member)),
        ("owner", Actor.ForNode(Owner)), ("net", Actor.NetworkAdmin(Hidden, 1)), ("admin", Actor.Admin()),
    ];

    private string SeenBy(Event e, DirectoryAccess access = DirectoryAccess.Members, long time = Start)
    {
        var applied = new AppliedEvent(1, time, Actor.Admin(), "admin", null, e);
        return string.Join(' ', Requesters.Where(r => new Viewer(_store.Current, r.Actor, access).MaySee(applied)).Select(r => r.Name));
    }

    private ImmutableArray<AppliedEvent> Change(Mutation mutation, Actor? actor = null)
    {
        var entry = new ArrayBufferWriter<byte>();
        EntryFormat.Write(entry, Start, [new Proposal(new(1, ++_sequence), default, actor ?? Actor.Admin(), mutation).Encode()]);
        var applied = _store.Apply((long)_sequence, 1, new(entry.WrittenMemory));
        Assert.True(applied.Outcomes[0].IsOk);
        return applied.Events;
    }
}
