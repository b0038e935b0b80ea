using System.Text.Json;
using Xunit;
using Xunit.Abstractions;
using static Membership.Cluster.Tests.Wire.WireClient;

namespace Membership.Cluster.Tests.Wire;

/// <summary>What is sent ahead through a follower, behind a change of the same connection, knows of the change.</summary>
public sealed class OwnChangesTests(ITestOutputHelper output)
{
    private const int Rounds = 30;

    [Fact]
    public async Task A_watch_has_the_event_and_a_status_the_revision()
    {
        await using var group = await ServedGroup.StartAsync(output);
        using var client = await group.ConnectAsync(await group.Replicas.FollowerAsync());
        var owner = await client.RegisterAsync();
        for (var round = 1; round <= Rounds; round++)
        {
            // Networks are given out in order, so the one to come can be named.
            (string, object?)[] events = [("network_id", round), ("from_revision", 1), ("max", 10), ("wait_ms", 0)];
            await client.SendAsync(
                Admin("create_network", ("node_id", owner.Id), ("name", $"n{round}")),
                client.Signed(owner, "watch", events),
                client.Signed(owner, "set_task_exec", ("node_id", owner.Id), ("enabled", round % 2 == 0)),
                """{"type":"status"}""",
                Admin("register_node", ("public_key", new WireNode(0, WireNode.NewKey()).PublicKey)),
                Admin("cluster_status"));
            Assert.Equal((ulong)round, (await ReceiveAsync(client, "create_network_ok")).GetProperty("network_id").GetUInt64());
            Assert.Equal(1, (await ReceiveAsync(client, "watch_ok")).GetProperty("events").GetArrayLength());
            foreach (var (change, query) in new[] { ("set_task_exec_ok", "status_ok"), ("register_node_ok", "cluster_status_ok") })
            {
                var revision = (await ReceiveAsync(client, change)).GetProperty("revision").GetUInt64();
                Assert.True((await ReceiveAsync(client, query)).GetProperty("revision").GetUInt64() >= revision);
            }
        }
    }

    private static async Task<JsonElement> ReceiveAsync(WireClient client, string type)
    {
        var answer = await client.ReceiveAsync();
        Assert.Equal(type, answer.GetProperty("type").GetString());
        return answer;
    }
}
