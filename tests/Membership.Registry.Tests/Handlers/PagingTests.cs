using System.Text.Json.Nodes;
using Membership.Protocol.Answers;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

/// <summary>Where a list goes on when what its last page ended with is gone.</summary>
[Collection(SharedReplicaCollection.Name)]
public sealed class PagingTests(SharedReplica shared)
{
    private readonly RegistryClient _client = shared.Host.Client();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_inbox_goes_on_behind_an_invite_that_was_answered(bool accept)
    {
        var (owner, guest) = (await _client.RegisterAsync(), await _client.RegisterAsync());
        var networks = new int[3];
        for (var i = 0; i < networks.Length; i++)
        {
            networks[i] = await _client.CreateAsync(owner, ("join_rule", "invite"), ("enterprise", true));
            Ok(await _client.SignedAsync(owner, "invite_to_network", ("network_id", networks[i]), ("inviter_id", owner.Id), ("target_node_id", guest.Id)));
        }

        var page = await PollAsync(guest, null);
        Assert.Equal([networks[0]], Listed(page, "invites", "network_id"));
        Ok(await _client.SignedAsync(guest, "respond_invite", ("node_id", guest.Id), ("network_id", networks[0]), ("accept", accept)));
        page = await PollAsync(guest, Next(page));
        Assert.Equal([networks[1]], Listed(page, "invites", "network_id"));
        page = await PollAsync(guest, Next(page));
        Assert.Equal([networks[2]], Listed(page, "invites", "network_id"));
        Assert.Null(Next(page));

        // By the last id seen: behind an invite that is there, and from the start when it is not, as nothing may be missed.
        Assert.Equal([networks[2]], Listed(await PollAsync(guest, networks[1]), "invites", "network_id"));
        Assert.Equal([networks[1]], Listed(await PollAsync(guest, networks[0]), "invites", "network_id"));
    }

    [Fact]
    public async Task A_list_of_members_goes_on_behind_one_that_has_left()
    {
        var owner = await _client.RegisterAsync();
        var net = await _client.CreateAsync(owner);
        TestNode[] members = [await _client.JoinAsync(net), await _client.JoinAsync(net), await _client.JoinAsync(net)];
        var page = await ListAsync(net, members[0].Id.Value);
        Assert.Equal([(int)members[1].Id.Value], Listed(page, "nodes", "node_id"));
        Ok(await _client.SignedAsync(members[1], "leave_network", ("node_id", members[1].Id), ("network_id", net)));
        Assert.Equal([(int)members[2].Id.Value], Listed(await ListAsync(net, Next(page)), "nodes", "node_id"));
        Assert.Equal([(int)owner.Id.Value], Listed(await ListAsync(net, members[1].Id.Value), "nodes", "node_id"));
        var tags = Ok(await _client.AdminAsync("get_member_tags", ("network_id", net), ("limit", 1), ("after", members[1].Id.Value)));
        Assert.True(tags.Fields.GetProperty("members").TryGetProperty(owner.Id.ToString(), out _));
    }

    private async Task<Answer> PollAsync(TestNode node, object? after) =>
        Ok(await _client.SignedAsync(node, "poll_invites", ("node_id", node.Id), ("limit", 1), ("after", after)));

    private async Task<Answer> ListAsync(int net, object? after) =>
        Ok(await _client.AdminAsync("list_nodes", ("network_id", net), ("limit", 1), ("after", after)));

    private static int[] Listed(Answer page, string list, string id) =>
        [.. page.Fields.GetProperty(list).EnumerateArray().Select(item => item.GetProperty(id).GetInt32())];

    private static JsonNode? Next(Answer page) =>
        page.Fields.TryGetProperty("next", out var next) ? JsonNode.Parse(next.GetRawText()) : null;
}
