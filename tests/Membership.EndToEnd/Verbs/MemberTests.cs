using Membership.Cli.Running;
using Membership.EndToEnd.Running;
using Xunit;

namespace Membership.EndToEnd.Verbs;

[Collection(RunningCluster.Name)]
public sealed class MemberTests(RunningCluster cluster)
{
    [Fact]
    [Verb("member join")]
    public async Task Join()
    {
        var (network, _) = await cluster.CreateAsync(JoinRule.Token, "sesame");
        var (first, second) = (await cluster.RegisterAsync(), await cluster.RegisterAsync());
        var joined = await cluster.RunAsync(first, $"member join {network} {first.Id} --join-token-file {cluster.Write("sesame\n")}");
        Assert.Equal("member", joined.Value("role"));
        Assert.Equal($"{new NodeAddress(network, first.Id)}", joined.Value("address"));
        var document = (await cluster.RunAsync($"member join {network} {second.Id} --join-token sesame -o json")).Document();
        Assert.Equal($"{new NodeAddress(network, second.Id)}", document.GetProperty("address").GetString());
        (await cluster.RunAsync($"member join {network} {second.Id} --join-token sesame")).Failed(ExitCode.Refused, "already_member");
    }

    [Fact]
    [Verb("member leave")]
    public async Task Leave()
    {
        var (network, _) = await cluster.CreateAsync();
        var (first, second) = (await cluster.JoinAsync(network), await cluster.JoinAsync(network));
        (await cluster.RunAsync(first, $"member leave {network} {first.Id}")).Failed(ExitCode.NotConfirmed, "not_confirmed");
        Assert.Equal($"{network}", (await cluster.RunAsync(first, $"member leave {network} {first.Id} --yes")).Value("network_id"));
        var document = (await cluster.RunAsync($"member leave {network} {second.Id} --yes -o json")).Document();
        Assert.Equal(network.Value, document.GetProperty("network_id").GetInt32());
        Assert.Single((await cluster.Client.ListNodesAsync(network)).Require().Items);
    }

    [Fact]
    [Verb("member list")]
    public async Task List()
    {
        var (network, owner) = await cluster.CreateAsync();
        var member = await cluster.JoinAsync(network);
        var table = (await cluster.RunAsync(member, $"member list {network}")).Succeeded().Rows();
        Assert.Equal(["node_id", "address", "role", "member_tags", "task_exec", "joined_at"], table[0]);
        Assert.Equal([$"{owner.Id}", $"{new NodeAddress(network, owner.Id)}", "owner"], table[1][..3]);
        Assert.Equal($"{member.Id}", table[2][0]);
        var document = (await cluster.RunAsync($"member list {network} -o json")).Document();
        Assert.Equal(["owner", "member"], document.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("role").GetString()!));
    }

    [Fact]
    [Verb("member kick")]
    public async Task Kick()
    {
        var (network, owner) = await cluster.CreateAsync();
        var (first, second) = (await cluster.JoinAsync(network), await cluster.JoinAsync(network));
        (await cluster.RunAsync(owner, $"member kick {network} {first.Id}")).Failed(ExitCode.NotConfirmed, "not_confirmed");
        Assert.Equal($"{first.Id}", (await cluster.RunAsync(owner, $"member kick {network} {first.Id} --yes")).Value("target_node_id"));
        var document = (await cluster.RunAsync($"member kick {network} {second.Id} --yes -o json")).Document();
        Assert.Equal(second.Id.Value, document.GetProperty("target_node_id").GetUInt32());
        (await cluster.RunAsync($"member kick {network} {owner.Id} --yes")).Failed(ExitCode.Refused, "cannot_kick_owner");
    }

    [Fact]
    [Verb("member promote")]
    [Verb("member demote")]
    [Verb("member role")]
    public async Task Roles()
    {
        var (network, owner) = await cluster.CreateAsync();
        var member = await cluster.JoinAsync(network);
        Assert.Equal("admin", (await cluster.RunAsync(owner, $"member promote {network} {member.Id}")).Value("role"));
        Assert.Equal("admin", (await cluster.RunAsync($"member role {network} {member.Id}")).Value("role"));
        (await cluster.RunAsync($"member promote {network} {member.Id}")).Failed(ExitCode.Refused, "already_admin");
        Assert.Equal("member", (await cluster.RunAsync($"member demote {network} {member.Id} -o json")).Document().GetProperty("role").GetString());
        Assert.Equal("member", (await cluster.RunAsync($"member role {network} {member.Id} -o json")).Document().GetProperty("role").GetString());
        Assert.Equal("admin", (await cluster.RunAsync($"member promote {network} {member.Id} -o json")).Document().GetProperty("role").GetString());
        Assert.Equal("member", (await cluster.RunAsync(owner, $"member demote {network} {member.Id}")).Value("role"));
    }

    [Fact]
    [Verb("member tags")]
    public async Task Tags()
    {
        var (network, owner) = await cluster.CreateAsync();
        Assert.Equal("edge,eu-1", (await cluster.RunAsync($"member tags {network} {owner.Id} --set edge,eu-1")).Value("tags"));
        Assert.Equal("edge,eu-1", (await cluster.RunAsync($"member tags {network} {owner.Id}")).Value("tags"));
        Assert.Equal([$"{owner.Id}", "edge,eu-1"], (await cluster.RunAsync($"member tags {network}")).Succeeded().Rows()[1]);
        var all = (await cluster.RunAsync($"member tags {network} -o json")).Document().GetProperty("members");
        Assert.Equal(2, Assert.Single(all.EnumerateArray()).GetProperty("tags").GetArrayLength());
        var cleared = (await cluster.RunAsync($"member tags {network} {owner.Id} -o json --set", "")).Document();
        Assert.Equal(0, cleared.GetProperty("tags").GetArrayLength());
        (await cluster.RunAsync($"member tags {network} {owner.Id} --set NO")).Failed(ExitCode.Refused, "tag_invalid");
        (await cluster.RunAsync($"member tags {network} --set edge")).Failed(ExitCode.WrongArgument, "wrong_argument");
    }

    [Fact]
    [Verb("member transfer-ownership")]
    public async Task Transfer_ownership()
    {
        var (network, owner) = await cluster.CreateAsync();
        var member = await cluster.JoinAsync(network);
        (await cluster.RunAsync(owner, $"member transfer-ownership {network} {member.Id}")).Failed(ExitCode.NotConfirmed, "not_confirmed");
        var transferred = await cluster.RunAsync(owner, $"member transfer-ownership {network} {member.Id} --yes");
        Assert.Equal(($"{owner.Id}", $"{member.Id}"), (transferred.Value("old_owner"), transferred.Value("new_owner")));
        var document = (await cluster.RunAsync($"member transfer-ownership {network} {owner.Id} --yes -o json")).Document();
        Assert.Equal(owner.Id.Value, document.GetProperty("new_owner").GetUInt32());
    }
}
