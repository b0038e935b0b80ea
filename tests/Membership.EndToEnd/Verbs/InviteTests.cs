using Membership.Cli.Running;
using Membership.EndToEnd.Running;
using Xunit;

namespace Membership.EndToEnd.Verbs;

[Collection(RunningCluster.Name)]
public sealed class InviteTests(RunningCluster cluster)
{
    [Fact]
    [Verb("invite send")]
    [Verb("invite list")]
    [Verb("invite inbox")]
    public async Task Send_and_list()
    {
        var (network, owner) = await cluster.CreateAsync(JoinRule.Invite);
        var (first, second) = (await cluster.RegisterAsync(), await cluster.RegisterAsync());
        Assert.Equal("no", (await cluster.RunAsync(owner, $"invite send {network} {first.Id}")).Value("already_invited"));
        var again = (await cluster.RunAsync($"invite send {network} {first.Id} --inviter {owner.Id} -o json")).Document();
        Assert.True(again.GetProperty("already_invited").GetBoolean());
        (await cluster.RunAsync($"invite send {network} {second.Id}")).Failed(ExitCode.WrongArgument, "wrong_argument");

        Assert.Equal([$"{first.Id}", $"{owner.Id}"], (await cluster.RunAsync(owner, $"invite list {network}")).Succeeded().Rows()[1][..2]);
        var invites = (await cluster.RunAsync($"invite list {network} -o json")).Document().GetProperty("invites");
        Assert.Equal(first.Id.Value, Assert.Single(invites.EnumerateArray()).GetProperty("target_node_id").GetUInt32());
        Assert.Equal([$"{network}", $"{owner.Id}"], (await cluster.RunAsync(first, $"invite inbox {first.Id}")).Succeeded().Rows()[1][..2]);
        invites = (await cluster.RunAsync($"invite inbox {first.Id} -o json")).Document().GetProperty("invites");
        Assert.Equal(network.Value, Assert.Single(invites.EnumerateArray()).GetProperty("network_id").GetInt32());
    }

    [Fact]
    [Verb("invite respond")]
    public async Task Respond()
    {
        var (network, owner) = await cluster.CreateAsync(JoinRule.Invite);
        var (first, second) = (await cluster.RegisterAsync(), await cluster.RegisterAsync());
        foreach (var node in new[] { first, second }) (await cluster.Client.InviteToNetworkAsync(network, owner.Id, node.Id)).Require();
        (await cluster.RunAsync($"invite respond {network} accept")).Failed(ExitCode.WrongArgument, "wrong_argument");
        var accepted = await cluster.RunAsync(first, $"invite respond {network} accept");
        Assert.Equal(("yes", "member"), (accepted.Value("accepted"), accepted.Value("role")));
        var declined = (await cluster.RunAsync(second, $"invite respond {network} decline -o json")).Document();
        Assert.False(declined.GetProperty("accepted").GetBoolean());
        Assert.Equal(2, (await cluster.Client.ListNodesAsync(network)).Require().Items.Length);
        (await cluster.RunAsync(second, $"invite respond {network} accept")).Failed(ExitCode.Refused, "invite_not_found");
    }

    [Fact]
    [Verb("invite revoke")]
    public async Task Revoke()
    {
        var (network, owner) = await cluster.CreateAsync(JoinRule.Invite);
        var (first, second) = (await cluster.RegisterAsync(), await cluster.RegisterAsync());
        foreach (var node in new[] { first, second }) (await cluster.Client.InviteToNetworkAsync(network, owner.Id, node.Id)).Require();
        Assert.Equal($"{first.Id}", (await cluster.RunAsync(owner, $"invite revoke {network} {first.Id}")).Value("target_node_id"));
        var document = (await cluster.RunAsync($"invite revoke {network} {second.Id} -o json")).Document();
        Assert.Equal(second.Id.Value, document.GetProperty("target_node_id").GetUInt32());
        Assert.Empty((await cluster.Client.ListInvitesAsync(network)).Require().Items);
    }
}
