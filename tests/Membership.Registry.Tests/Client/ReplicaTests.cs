using Membership.Client;
using Membership.Protocol.Requests;
using Membership.Registry.Tests.Handlers;

namespace Membership.Registry.Tests.Client;

/// <summary>The client against a real replica behind its endpoint.</summary>
[Collection(SharedReplicaCollection.Name)]
public sealed class ReplicaTests(SharedReplica shared)
{
    [Fact]
    public async Task A_network_lives_from_creation_to_deletion()
    {
        await using var served = await ServedReplica.StartAsync(shared.Host);
        var (alice, bob) = (await served.RegisterAsync(), await served.RegisterAsync());
        var name = NewName();
        var network = (await served.Admin.CreateNetworkAsync(
            new() { Creator = alice.Id, Name = name, JoinRule = JoinRule.Token, JoinToken = "open sesame", Enterprise = true })).Require().Network;
        Assert.Equal(Code.JoinTokenInvalid, (await served.As(bob).JoinNetworkAsync(bob.Id, network, "wrong")).Code);
        var admission = (await served.As(bob).JoinNetworkAsync(bob.Id, network, "open sesame")).Require();
        Assert.Equal(new(network, new(network, bob.Id), Role.Member, null, null), admission);
        Assert.Equal(Role.Admin, (await served.As(alice).PromoteMemberAsync(network, bob.Id)).Require().Role);
        Assert.Equal(["edge"], (await served.As(bob).SetMemberTagsAsync(network, bob.Id, ["edge", "edge"])).Require().Tags.AsEnumerable());
        Assert.Equal(
            new(network, new(5, [22], "d")),
            (await served.As(alice).SetNetworkPolicyAsync(network, new() { MaxMembers = 5, AllowedPorts = [22], Description = "d" })).Require());
        Assert.Equal(2u, (await served.Admin.GetNetworkAsync(network)).Require().Members);
        Assert.Equal(Code.NetworkNotFound, (await served.Admin.As(ClientIdentity.Anonymous).GetNetworkAsync(network)).Code);
        Assert.Equal(alice.Id, (await served.As(alice).TransferOwnershipAsync(network, bob.Id)).Require().OldOwner);
        Assert.Equal(network, (await served.As(bob).DeleteNetworkAsync(network)).Require());
        Assert.Equal(Code.NetworkNotFound, (await served.Admin.GetNetworkAsync(network)).Code);
    }

    [Fact]
    public async Task Invites_are_polled_and_answered()
    {
        await using var served = await ServedReplica.StartAsync(shared.Host);
        var (alice, bob) = (await served.RegisterAsync(), await served.RegisterAsync());
        var network = (await served.Admin.CreateNetworkAsync(
            new() { Creator = alice.Id, Name = NewName(), JoinRule = JoinRule.Invite, Enterprise = true })).Require().Network;
        Assert.False((await served.As(alice).InviteToNetworkAsync(network, alice.Id, bob.Id)).Require().AlreadyInvited);
        Assert.True((await served.As(alice).InviteToNetworkAsync(network, alice.Id, bob.Id)).Require().AlreadyInvited);
        var invite = Assert.Single((await served.As(bob).PollInvitesAsync(bob.Id)).Require().Items);
        Assert.Equal((network, alice.Id), (invite.Network, invite.Inviter));
        Assert.Equal(bob.Id, Assert.Single((await served.As(alice).ListInvitesAsync(network)).Require().Items).Target);
        Assert.Equal(Code.NotAuthorized, (await served.Admin.RespondInviteAsync(bob.Id, network, accept: true)).Code);
        Assert.Equal(new(network, bob.Id), (await served.As(bob).RespondInviteAsync(bob.Id, network, accept: true)).Require().Admission!.Address);
    }

    [Fact]
    public async Task A_new_key_registers_itself_and_a_rotated_one_is_no_longer_good()
    {
        await using var served = await ServedReplica.StartAsync(shared.Host);
        using var key = TestNode.NewKey();
        using var next = TestNode.NewKey();
        var node = (await served.Admin.As(ClientIdentity.NewKey(key)).RegisterNodeAsync(key.PublicKey)).Require().Node;
        var (old, present) = (served.Admin.As(ClientIdentity.Node(node, key)), served.Admin.As(ClientIdentity.Node(node, next)));
        Assert.Equal(2u, (await old.RotateNodeKeyAsync(node, next)).Require().KeyVersion);
        Assert.Equal(Code.StaleCredential, (await old.SetTaskExecAsync(node, true)).Code);
        Assert.True((await present.SetTaskExecAsync(node, true)).Require().TaskExec);
        Assert.Equal((next.PublicKey, 2u, true), (await present.GetNodeAsync(node)).Require() is var info ? (info.PublicKey, info.KeyVersion, info.TaskExec) : default);
        Assert.True((await present.DeregisterNodeAsync(node)).Require().Existing);
    }

    [Fact]
    public async Task A_request_that_is_repeated_has_its_first_outcome_though_the_state_has_moved_on()
    {
        await using var served = await ServedReplica.StartAsync(shared.Host);
        var alice = await served.RegisterAsync();
        var created = (Done<CreatedNetwork>)await served.Admin.CreateNetworkAsync(new() { Creator = alice.Id, Name = NewName() });
        var left = (Done<NetworkId>)await served.As(alice).LeaveNetworkAsync(alice.Id, created.Answer.Network);
        var refused = await served.As(alice).LeaveNetworkAsync(alice.Id, created.Answer.Network);
        Assert.Equal(Code.NotAMember, refused.Code);
        await served.As(alice).JoinNetworkAsync(alice.Id, created.Answer.Network);
        var (again, leftAgain) = (Assert.IsType<Done<CreatedNetwork>>(await served.Admin.RepeatAsync(created)), Assert.IsType<Done<NetworkId>>(await served.Admin.RepeatAsync(left)));
        Assert.Equal((created.Revision, created.Answer), (again.Revision, again.Answer));
        Assert.Equal(left.Revision, leftAgain.Revision);
        Assert.Equal(Code.NotAMember, (await served.Admin.RepeatAsync(refused)).Code);
        Assert.Equal(Role.Owner, (await served.As(alice).GetMemberRoleAsync(created.Answer.Network, alice.Id)).Require().Role);
    }

    [Fact]
    public async Task Many_requests_at_once_are_all_decided_and_listed_page_by_page()
    {
        await using var served = await ServedReplica.StartAsync(shared.Host);
        const int Count = 1_500;
        var owner = await served.RegisterAsync();
        var network = (await served.Admin.CreateNetworkAsync(new() { Creator = owner.Id, Name = NewName() })).Require().Network;
        var nodes = await Task.WhenAll(Enumerable.Range(0, Count).Select(async _ =>
        {
            using var key = TestNode.NewKey();
            var node = (await served.Admin.RegisterNodeAsync(key.PublicKey)).Require().Node;
            return (await served.Admin.JoinNetworkAsync(node, network)).Require().Address.Node;
        }));
        var listed = new List<NodeId>();
        await foreach (var member in served.As(owner).EnumerateNodesAsync(network)) listed.Add(member.Address.Node);
        Assert.Equal(nodes.Append(owner.Id).Order(), listed.Order());
        var tagged = 0;
        await foreach (var member in served.As(owner).EnumerateMemberTagsAsync(network)) tagged += member.Tags.Length + 1;
        Assert.Equal(Count + 1, tagged);
        var all = new HashSet<NodeId>();
        await foreach (var node in served.Admin.EnumerateNodesAsync(NetworkId.Backbone, new() { Consistency = Consistency.Leader })) all.Add(node.Address.Node);
        Assert.Subset(all, nodes.ToHashSet());
        var actions = new List<string>();
        await foreach (var record in served.Admin.EnumerateAuditAsync(new() { Network = network })) actions.Add(record.Action);
        Assert.Equal(("network.created", Count), (actions[0], actions.Count(action => action == "network.joined")));
    }

    [Fact]
    public async Task A_replica_says_what_it_is()
    {
        await using var served = await ServedReplica.StartAsync(shared.Host);
        var status = (await served.Admin.GetStatusAsync()).Require();
        Assert.Equal((ReplicaHost.ClusterId, "r1", "r1"), (status.Cluster, status.Replica, status.Leader));
        Assert.Contains((await served.Admin.ListNetworksAsync()).Require().Items, network => network.Name == "backbone");
    }

    private static string NewName() => $"net-{Guid.NewGuid():n}";
}
