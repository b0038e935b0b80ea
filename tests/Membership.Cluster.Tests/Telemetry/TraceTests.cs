using System.Diagnostics;
using Membership.Cluster.Tests.Replicas;
using Membership.Cluster.Tests.Wire;
using Membership.Replication;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Telemetry;

/// <summary>One trace from a request on the wire to the applying of its entry.</summary>
public sealed class TraceTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_request_to_the_leader_is_one_trace_down_to_apply()
    {
        await using var served = await ServedGroup.StartAsync(output);
        using var traced = new Traced();
        var leader = await served.Replicas.LeaderAsync();
        var chain = await CreateAsync(served, leader, traced, ["membership.request", "membership.propose", "membership.entry", "membership.apply"]);
        Assert.Equal("create_network", chain[0].GetTagItem("membership.command"));
        Assert.Equal("ok", chain[0].GetTagItem("membership.code"));
        Assert.Equal(ActivityKind.Server, chain[0].Kind);
        Assert.Equal(1, chain[2].GetTagItem("membership.proposals"));
        Assert.Equal(leader.Status.Term, chain[2].GetTagItem("membership.term"));
    }

    [Fact]
    public async Task A_request_to_a_follower_is_one_trace_over_the_leader()
    {
        await using var served = await ServedGroup.StartAsync(output);
        using var traced = new Traced();
        var follower = await served.Replicas.FollowerAsync();
        var chain = await CreateAsync(
            served, follower, traced,
            ["membership.request", "membership.propose", "membership.forward", "membership.peer.request", "membership.entry", "membership.apply"]);
        Assert.Equal(follower.Status.Leader, chain[2].GetTagItem("membership.leader.id"));
        Assert.Equal((ActivityKind.Client, ActivityKind.Server), (chain[2].Kind, chain[3].Kind));
    }

    [Fact]
    public async Task An_entry_of_many_goes_on_with_one_trace_and_links_to_the_others()
    {
        await using var group = new ReplicaGroup(output, 1);
        var replica = await group.StartAsync("r1");
        await group.LeaderAsync();
        using var traced = new Traced();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(_ => Task.Run(replica.RegisterAsync)));
        Assert.All(outcomes, outcome => Assert.True(outcome.IsOk));
        await Wait.UntilAsync(() => traced.Named("membership.entry").Sum(entry => (int)entry.GetTagItem("membership.proposals")!) == 2_000, "all entries to end");

        var proposals = traced.Named("membership.propose").ToDictionary(propose => propose.SpanId);
        Assert.Equal(2_000, proposals.Count);
        var entries = traced.Named("membership.entry");
        Assert.Contains(entries, entry => entry.Links.Any());
        foreach (var entry in entries)
        {
            var count = (int)entry.GetTagItem("membership.proposals")!;
            Assert.Contains(entry.ParentSpanId, proposals.Keys);
            Assert.Equal(Math.Min(count - 1, 128), entry.Links.Count());
            Assert.All(entry.Links, link => Assert.Contains(link.Context.SpanId, proposals.Keys));
            Assert.Equal(count > 0 ? entry.SpanId : default, Assert.Single(traced.Named("membership.apply"), apply => apply.ParentSpanId == entry.SpanId).ParentSpanId);
        }
    }

    [Fact]
    public async Task What_a_pipeline_sends_ahead_keeps_each_its_own_trace()
    {
        await using var served = await ServedGroup.StartAsync(output);
        using var traced = new Traced();
        using var client = await served.ConnectAsync(await served.Replicas.LeaderAsync());
        var names = Enumerable.Range(0, 20).Select(i => $"net-{i}").ToArray();
        var node = await RegisterAsync(served);
        await client.SendAsync(names.Select(name => WireClient.Admin("create_network", ("name", name), ("node_id", node))));
        foreach (var _ in names) Assert.Equal("create_network_ok", (await client.ReceiveAsync()).GetProperty("type").GetString());
        await Wait.UntilAsync(() => Creates(traced).Length == 20, "all requests to end");
        Assert.All(Creates(traced), request => Assert.Single(traced.Of(request.TraceId), activity => activity.OperationName == "membership.propose"));
    }

    private static Activity[] Creates(Traced traced) =>
        [.. traced.Named("membership.request").Where(request => request.GetTagItem("membership.command") is "create_network")];

    private static async Task<uint> RegisterAsync(ServedGroup served) =>
        (await (await served.Replicas.LeaderAsync()).RegisterAsync()).Results.Node.Value;

    private static async Task<Activity[]> CreateAsync(ServedGroup served, MembershipReplica replica, Traced traced, string[] names)
    {
        var node = await RegisterAsync(served);
        await replica.ReadAsync();
        using var client = await served.ConnectAsync(replica);
        await client.SendAsync(WireClient.Admin("create_network", ("name", "traced"), ("node_id", node)));
        Assert.Equal("create_network_ok", (await client.ReceiveAsync()).GetProperty("type").GetString());
        await Wait.UntilAsync(() => Creates(traced).Length == 1, "the request to end");
        var trace = Creates(traced)[0].TraceId;
        await Wait.UntilAsync(() => names.All(name => traced.Of(trace).Any(activity => activity.OperationName == name)), "the whole trace");
        var chain = names.Select(name => Assert.Single(traced.Of(trace), activity => activity.OperationName == name)).ToArray();
        for (var i = 1; i < chain.Length; i++) Assert.Equal(chain[i - 1].SpanId, chain[i].ParentSpanId);
        return chain;
    }
}
