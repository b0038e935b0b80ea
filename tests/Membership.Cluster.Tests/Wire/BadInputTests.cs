using System.Text.Json;
using Membership.Cluster.Tests.Replicas;
using Membership.Replication;
using Xunit;
using Xunit.Abstractions;
using static Membership.Cluster.Tests.Wire.WireClient;

namespace Membership.Cluster.Tests.Wire;

/// <summary>What is too large or too much is refused by its code at once, and costs nobody else anything.</summary>
public sealed class BadInputTests(ITestOutputHelper output)
{
    private const int FrameBytesMax = 4 << 20;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_that_no_frame_holds_ends_its_connection_and_the_largest_that_one_holds_passes(bool byLeader)
    {
        await using var group = await ServedGroup.StartAsync(output);
        var replica = byLeader ? await group.Replicas.LeaderAsync() : await group.Replicas.FollowerAsync();
        using var others = await group.ConnectAsync(replica);
        using var client = await group.ConnectAsync(replica);
        var owner = await others.RegisterAsync();
        var net = (await client.AskAsync(Admin("create_network", ("node_id", owner.Id), ("name", "ops"), ("enterprise", true)))).GetProperty("network_id").GetInt32();

        // Far more than an entry holds of small ones: it has an entry to itself.
        var roles = Enumerable.Range(0, 10_000).Select(i => new { external_id = $"{i:D8}{new string('x', 240)}", role = "member" }).ToArray();
        await client.SendAsync(Admin("set_rbac_preassignments", ("network_id", net), ("roles", roles)));
        for (var i = 0; i < 10; i++) Assert.NotEqual(0u, (await others.RegisterAsync()).Id);
        var answer = await client.ReceiveAsync();
        Assert.True(answer.TryGetProperty("count", out var count) && count.GetInt32() == roles.Length, answer.ToString());

        var tooLarge = Admin("rename_network", ("network_id", net), ("name", "never"), ("padding", new string('x', FrameBytesMax)));
        await client.SendAsync(Admin("rename_network", ("network_id", net), ("name", "before")), tooLarge);
        Assert.Equal("before", (await client.ReceiveAsync()).GetProperty("name").GetString());
        Assert.Equal("invalid_frame", CodeOf(await client.ReceiveAsync()));
        await Assert.ThrowsAnyAsync<IOException>(client.ReceiveAsync);
        for (var i = 0; i < 10; i++) Assert.NotEqual(0u, (await others.RegisterAsync()).Id);
        var state = await replica.ReadAsync();
        Assert.True(state.Tables.Networks.TryGetValue(new((ushort)net), out var network));
        Assert.Equal((21, "before"), (state.NodeCount, network.Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_that_no_entry_holds_is_refused_alone_between_others_of_one_caller(bool byLeader)
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var replica = byLeader ? await group.LeaderAsync() : await group.FollowerAsync();
        var lane = replica.OpenLane();
        var tooLong = new SetExprPolicy(new(1), new byte[Limits.Production.MutationBytesMax]);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 90).Select(
            i => i % 3 == 1 ? lane.ProposeAsync(tooLong, Actor.Admin()) : lane.ProposeAsync(Requests.Registration(), Actor.Admin())));
        for (var i = 0; i < outcomes.Length; i++) Assert.Equal(i % 3 == 1 ? Code.InvalidArgument : Code.Ok, outcomes[i].Code);
        await group.AgreeAsync(60);
        Assert.All(group.Running, other => Assert.Equal(60, other.State.NodeCount));
    }

    [Fact]
    public async Task A_flood_beyond_the_queue_is_refused_while_the_leader_is_busy_and_nothing_acknowledged_is_lost()
    {
        const int Flood = 1_000;
        const int Ahead = 64;
        await using var group = await ServedGroup.StartAsync(output, replicas: options => options.QueueLengthMax = Ahead);
        var (leader, follower) = (await group.Replicas.LeaderAsync(), await group.Replicas.FollowerAsync());
        using var client = await group.ConnectAsync(leader);

        // The leader is held while it applies an entry: what is answered meanwhile is answered at once.
        using var go = new ManualResetEventSlim();
        using var isHeld = new ManualResetEventSlim();
        void Hold(State.AppliedEntry entry)
        {
            isHeld.Set();
            go.Wait();
        }

        leader.Applied += Hold;
        var here = new List<Task<Outcome>> { leader.RegisterAsync() };
        try
        {
            await Wait.UntilAsync(() => isHeld.IsSet, "the leader to be busy");
            here.AddRange(Enumerable.Range(0, Flood).Select(_ => leader.RegisterAsync()));
            await Wait.UntilAsync(() => here.Count(IsOverloaded) >= Flood - Ahead, "refusals");
            await client.SendAsync(Enumerable.Range(0, Ahead).Select(_ => Admin("register_node", ("public_key", WireNode.NewKey().PublicKey.ToString()))));
            for (var i = 0; i < Ahead; i++) Assert.Equal("overloaded", CodeOf(await client.ReceiveAsync()));
            var there = Enumerable.Range(0, Flood).Select(_ => follower.RegisterAsync()).ToArray();
            await Wait.UntilAsync(() => there.All(IsOverloaded), "refusals by way of a follower");
        }
        finally
        {
            leader.Applied -= Hold;
            go.Set();
        }

        var outcomes = await Task.WhenAll(here);
        Assert.All(outcomes, outcome => Assert.True(outcome.IsOk || outcome is { Code: Code.Overloaded, Revision: 0 }, $"{outcome}"));
        var acknowledged = outcomes.Where(outcome => outcome.IsOk).Select(outcome => outcome.Results.Node).ToList();
        Assert.InRange(acknowledged.Count, 2, Ahead + 1);

        // The same callers again, one at a time.
        acknowledged.Add(new((await client.RegisterAsync()).Id));
        foreach (var replica in group.Replicas.Running) acknowledged.Add((await replica.RegisterAsync()).Results.Node);
        await group.Replicas.AgreeAsync(leader.Status.Revision);
        Assert.All(group.Replicas.Running, replica => Assert.Equal(acknowledged.Count, replica.State.NodeCount));
        Assert.All(acknowledged, node => Assert.True(leader.State.Tables.Nodes.ContainsKey(node), $"{node} was acknowledged and is lost"));
    }

    private static bool IsOverloaded(Task<Outcome> outcome) => outcome is { IsCompletedSuccessfully: true, Result: { Code: Code.Overloaded, Revision: 0 } };

    private static string? CodeOf(JsonElement answer) => answer.TryGetProperty("code", out var code) ? code.GetString() : answer.GetRawText();
}
