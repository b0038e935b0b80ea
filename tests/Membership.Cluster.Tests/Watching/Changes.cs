using Membership.Cluster.Tests.Replicas;
using Membership.Replication;
using Xunit;

namespace Membership.Cluster.Tests.Watching;

/// <summary>Changes that yield one event, several at one revision, and none.</summary>
internal static class Changes
{
    public static async Task<NodeId> NodeAsync(this MembershipReplica replica) => Ok(await replica.RegisterAsync()).Results.Node;

    /// <summary>A network that nodes are invited to.</summary>
    public static async Task<NetworkId> NetworkAsync(this MembershipReplica replica, NodeId creator, string name) => Ok(await replica.ProposeAsync(
        new CreateNetwork { Creator = creator, Name = name, JoinRule = JoinRule.Invite, Enterprise = true }, Actor.Admin())).Results.Network;

    public static async Task<Outcome> ChangeAsync(this MembershipReplica replica, Mutation mutation, NodeId by = default) =>
        Ok(await replica.ProposeAsync(mutation, by.IsNobody ? Actor.Admin() : Actor.ForNode(by)));

    /// <summary>
    /// Rounds of a life: nodes come, a network is made, one is invited and joins, another one is invited, the owner is deregistered (its
    /// invites go, there is a successor), now and then a network is deleted.
    /// </summary>
    /// <returns>The revision of the last change.</returns>
    public static async Task<ulong> LiveAsync(this MembershipReplica replica, string name, int rounds)
    {
        var last = 0UL;
        for (var round = 0; round < rounds; round++)
        {
            var (owner, member, guest) = (await replica.NodeAsync(), await replica.NodeAsync(), await replica.NodeAsync());
            var network = await replica.NetworkAsync(owner, $"{name}-{round}");
            await replica.ChangeAsync(new InviteToNetwork(network, owner, member));
            await replica.ChangeAsync(new RespondInvite(member, network, true), by: member);
            await replica.ChangeAsync(new InviteToNetwork(network, owner, guest));
            await replica.ProposeAsync(new DeleteNetwork(new(60_000)), Actor.Admin());
            last = (await replica.ChangeAsync(new DeregisterNode(owner))).Revision;
            if (round % 3 == 2) last = (await replica.ChangeAsync(new DeleteNetwork(network))).Revision;
        }

        return last;
    }

    private static Outcome Ok(Outcome outcome)
    {
        Assert.True(outcome.IsOk, $"{outcome}");
        return outcome;
    }
}
