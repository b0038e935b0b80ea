using System.Diagnostics;
using Membership.Protocol.Answers;
using static Membership.Registry.Tests.Handlers.RegistryClient;

namespace Membership.Registry.Tests.Handlers;

public sealed class ConsistencyTests
{
    [Fact]
    public async Task A_query_waits_for_a_state_as_fresh_as_it_asks_and_two_seconds_at_most()
    {
        await using var host = await ReplicaHost.StartAsync();
        var client = host.Client();
        await client.RegisterAsync();
        var revision = host.Replica.State.Revision;
        foreach (var consistency in new[] { "linearizable", "leader", "stale" })
            Assert.Equal(revision, Ok(await client.SendAsync(Fields("list_networks", ("consistency", consistency)))).Revision);
        Ok(await client.SendAsync(Fields("list_networks", ("consistency", "stale"), ("min_revision", revision), ("max_lag_ms", 0))));

        var waiting = client.SendAsync(Fields("list_networks", ("consistency", "stale"), ("min_revision", revision + 1)));
        await host.Client().RegisterAsync();
        Assert.Equal(revision + 1, Ok(await waiting).Revision);

        var began = Stopwatch.GetTimestamp();
        Refused(Code.Unavailable, await client.SendAsync(Fields("list_networks", ("consistency", "stale"), ("min_revision", revision + 2))));
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 1.9, 10);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("cluster_status")]
    [InlineData("watch")]
    public async Task What_is_told_of_a_replica_and_its_events_is_as_fresh_as_it_is_asked_for(string type)
    {
        await using var host = await ReplicaHost.StartAsync();
        var client = host.Client();
        var revision = (await client.AdminAsync("register_node", ("public_key", TestNode.NewKey().PublicKey.ToString()))).Revision;
        Task<Answer> AskAsync(params (string, object?)[] freshness) =>
            client.AdminAsync(type, [.. freshness, ("from_revision", 1), ("max", 1), ("wait_ms", 0)]);
        foreach (var consistency in new[] { "linearizable", "leader", "stale" })
            Assert.Equal(revision, Ok(await AskAsync(("consistency", consistency))).Revision);
        Refused(Code.Unavailable, await AskAsync(("consistency", "stale"), ("min_revision", revision + 1)));
        await host.Replica.StopAsync();
        Refused(Code.Unavailable, await AskAsync(("consistency", "linearizable")));
        Refused(Code.NotLeader, await AskAsync(("consistency", "leader")));
        if (type == "status") Ok(await AskAsync());
        if (type == "watch") Refused(Code.Unavailable, await AskAsync());
    }

    [Fact]
    public async Task A_replica_that_takes_no_part_says_what_it_can()
    {
        await using var host = await ReplicaHost.StartAsync();
        var client = host.Client();
        var node = await client.RegisterAsync();
        await host.Replica.StopAsync();
        Refused(Code.Unavailable, await client.SendAsync(Fields("list_networks")));
        Refused(Code.NotLeader, await client.SendAsync(Fields("list_networks", ("consistency", "leader"))));
        Ok(await client.SendAsync(Fields("list_networks", ("consistency", "stale"))));
        Ok(await client.SendAsync(Fields("status")));
        Refused(Code.Unavailable, await client.SignedAsync(node, "set_task_exec", ("node_id", node.Id), ("enabled", true)));
        Refused(Code.Unavailable, await client.SignedAsync(new(new(9), node.Key), "set_task_exec", ("node_id", node.Id), ("enabled", true)));
        Refused(Code.Unavailable, await client.SendAsync(Fields("cluster_remove", ("replica", "r1"), ("admin_token", AdminToken))));
    }

    [Fact]
    public async Task A_replica_that_is_not_started_is_unavailable()
    {
        await using var replica = new Replication.MembershipReplica(new());
        using var secret = new Membership.Protocol.Tokens.ClusterSecret(new byte[32]);
        var handlers = new RegistryHandlers(replica, new(), secret);
        var answer = await handlers.HandleAsync("""{"type":"status"}"""u8.ToArray(), RequestSource.InProcess);
        Assert.True(Membership.Protocol.Answers.Answer.TryParse(answer.Content, out var parsed));
        Refused(Code.Unavailable, parsed);
    }
}
