using System.Text.Json;
using Membership.Replication;
using Xunit;
using Xunit.Abstractions;
using static Membership.Cluster.Tests.Wire.WireClient;

namespace Membership.Cluster.Tests.Wire;

/// <summary>Requests that a connection sends ahead of their answers: decided in their order, and many in one entry.</summary>
public sealed class PipelineTests(ITestOutputHelper output)
{
    private const int Ahead = 64;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Mutations_sent_ahead_share_entries_and_keep_their_order(bool byLeader)
    {
        await using var group = await ServedGroup.StartAsync(output);
        var leader = await group.Replicas.LeaderAsync();
        var replica = byLeader ? leader : await group.Replicas.FollowerAsync();
        using var client = await group.ConnectAsync(replica);
        var (owner, net) = await NetworkAsync(client);
        var before = leader.Status.LastIndex;
        await client.SendAsync(Enumerable.Range(0, 4 * Ahead).Select(i => client.Signed(owner, "rename_network", ("network_id", net), ("name", $"n-{i}"))));
        await AssertInOrderAsync(client, Enumerable.Range(0, 4 * Ahead).Select(i => $"n-{i}"));

        // One at a time they would be as many entries as requests.
        Assert.InRange(leader.Status.LastIndex - before, 1, 2 * Ahead);
        Assert.Equal($"n-{4 * Ahead - 1}", await NameAsync(client, net, "linearizable"));
    }

    [Theory]
    [InlineData("stale", true)]
    [InlineData("stale", false)]
    [InlineData("leader", true)]
    public async Task A_query_sees_the_mutations_before_it_however_fresh_it_asks_to_be(string consistency, bool byLeader)
    {
        await using var group = await ServedGroup.StartAsync(output);
        var replica = byLeader ? await group.Replicas.LeaderAsync() : await group.Replicas.FollowerAsync();
        using var client = await group.ConnectAsync(replica);
        var (owner, net) = await NetworkAsync(client);
        var query = Admin("get_network", ("network_id", net), ("consistency", consistency));
        for (var round = 0; round < 30; round++)
        {
            var name = $"n-{round}";
            await client.SendAsync(
                client.Signed(owner, "rename_network", ("network_id", net), ("name", "between")),
                client.Signed(owner, "rename_network", ("network_id", net), ("name", name)),
                query);
            await client.ReceiveAsync();
            var renamed = (await client.ReceiveAsync()).GetProperty("revision").GetUInt64();
            var answer = await client.ReceiveAsync();
            Assert.Equal(name, answer.GetProperty("name").GetString());
            Assert.True(answer.GetProperty("revision").GetUInt64() >= renamed);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_request_depends_on_may_be_sent_right_before_it(bool byLeader)
    {
        await using var group = await ServedGroup.StartAsync(output);
        var replica = byLeader ? await group.Replicas.LeaderAsync() : await group.Replicas.FollowerAsync();
        using var client = await group.ConnectAsync(replica);
        var (owner, net) = await NetworkAsync(client);
        var (fresh, rotated) = (new WireNode(owner.Id + 1, WireNode.NewKey()), new WireNode(owner.Id, WireNode.NewKey()));
        var proof = rotated.Key.SignText($"rotate_node_key:{group.Replicas.ClusterId}:{owner.Id}:{rotated.PublicKey}");
        (string Request, string Answer)[] story =
        [
            (Admin("register_node", ("public_key", fresh.PublicKey)), "register_node_ok"),
            (client.Signed(fresh, "set_task_exec", ("node_id", fresh.Id), ("enabled", true)), "set_task_exec_ok"),
            (client.Signed(owner, "set_join_rule", ("network_id", net), ("join_rule", "token"), ("token", "t")), "set_join_rule_ok"),
            (client.Signed(fresh, "join_network", ("node_id", fresh.Id), ("network_id", net), ("token", "t")), "join_network_ok"),
            (client.Signed(owner, "set_network_admin_token", ("network_id", net), ("network_admin_token", "net")), "set_network_admin_token_ok"),
            (Request("rename_network", ("network_id", net), ("name", "by-token"), ("admin_token", "net")).ToJsonString(), "rename_network_ok"),
            (client.Signed(owner, "rotate_node_key", ("node_id", owner.Id), ("public_key", rotated.PublicKey), ("new_key_proof", proof)), "rotate_node_key_ok"),
            (client.Signed(rotated, "rename_network", ("network_id", net), ("name", "by-new-key")), "rename_network_ok"),
            (client.Signed(owner, "rename_network", ("network_id", net), ("name", "by-old-key")), "stale_credential"),
            (Admin("deregister_node", ("node_id", fresh.Id)), "deregister_node_ok"),
            (client.Signed(fresh, "set_task_exec", ("node_id", fresh.Id), ("enabled", false)), "unknown_signer"),
        ];
        await client.SendAsync(story.Select(step => step.Request));
        foreach (var (_, expected) in story)
        {
            var answer = await client.ReceiveAsync();
            Assert.Equal(expected, answer.TryGetProperty("code", out var code) ? code.GetString() : answer.GetProperty("type").GetString());
        }

        Assert.Equal("by-new-key", await NameAsync(client, net, "linearizable"));
    }

    [Fact]
    public async Task The_order_holds_when_leaders_come_and_go()
    {
        const int Rounds = 4;
        await using var group = await ServedGroup.StartAsync(output, replicas: options => options.RequestLimitMs = 60_000);
        var followers = group.Replicas.Running.Where(replica => replica.Status.Role != ReplicaRole.Leader).ToArray();
        var clients = await Task.WhenAll(followers.SelectMany(replica => new[] { group.ConnectAsync(replica), group.ConnectAsync(replica) }));
        using var stop = new CancellationTokenSource();
        var load = clients.Select(client => Task.Run(() => RenameUntilAsync(client, stop.Token))).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var leader = await group.Replicas.LeaderAsync();
            group.Replicas.Links.Isolate(leader.Status.ReplicaId, group.Replicas.Addresses.Select(address => address.Id));
            await Wait.UntilAsync(() => leader.Status.Role != ReplicaRole.Leader, "the leader to step down");
            group.Replicas.Links.Mend();
            var before = leader.State.Revision;
            await Wait.UntilAsync(() => group.Replicas.Running.All(r => r.State.Revision > before + Ahead), "load under another leader", TimeSpan.FromSeconds(60));
        }

        await stop.CancelAsync();
        Assert.True((await Task.WhenAll(load)).Sum() > Rounds * Ahead);
        foreach (var client in clients) client.Dispose();
        await group.Replicas.AgreeAsync(group.Replicas.Running.Max(replica => replica.State.Revision));
    }

    private static async Task<int> RenameUntilAsync(WireClient client, CancellationToken stop)
    {
        var (owner, net) = await NetworkAsync(client);
        var sent = 0;
        while (!stop.IsCancellationRequested)
        {
            var names = Enumerable.Range(sent, Ahead).Select(i => $"n-{net}-{i}").ToArray();
            await client.SendAsync(names.Select(name => Admin("rename_network", ("network_id", net), ("name", name))));
            await AssertInOrderAsync(client, names);
            Assert.Equal(names[^1], await NameAsync(client, net, "linearizable"));
            Assert.NotEqual(0u, owner.Id);
            sent += Ahead;
        }

        return sent;
    }

    // Each has a revision of its own, later than those before it; the last name is the one that stays.
    private static async Task AssertInOrderAsync(WireClient client, IEnumerable<string> names)
    {
        var last = 0UL;
        foreach (var name in names)
        {
            var answer = await client.ReceiveAsync();
            Assert.True(answer.TryGetProperty("name", out var renamed) && renamed.GetString() == name, answer.ToString());
            Assert.True(answer.GetProperty("revision").GetUInt64() > last);
            last = answer.GetProperty("revision").GetUInt64();
        }
    }

    private static async Task<(WireNode Owner, int Network)> NetworkAsync(WireClient client)
    {
        var owner = await client.RegisterAsync();
        var created = await client.AskAsync(Admin("create_network", ("node_id", owner.Id), ("name", $"of-{owner.Id}")));
        return (owner, created.GetProperty("network_id").GetInt32());
    }

    private static async Task<string?> NameAsync(WireClient client, int net, string consistency)
    {
        JsonElement answer = await client.AskAsync(Admin("get_network", ("network_id", net), ("consistency", consistency)));
        return answer.TryGetProperty("name", out var name) ? name.GetString() : answer.ToString();
    }
}
