using System.Text.Json;
using Membership.Cluster.Tests.Replicas;
using Membership.Replication;
using Xunit;
using Xunit.Abstractions;
using static Membership.Cluster.Tests.Wire.WireClient;

namespace Membership.Cluster.Tests.Wire;

/// <summary>A leader that reaches nobody any more: it says so to whoever asks, and what it was asked meanwhile is settled afterwards, once.</summary>
public sealed class CutOffLeaderTests(ITestOutputHelper output)
{
    private const int Count = 10;

    [Fact]
    public async Task It_confirms_no_read_and_acknowledges_no_change_and_each_is_settled_once_when_it_is_back()
    {
        await using var ways = new PeerLinks();
        await using var group = await ServedGroup.StartAsync(output, replicas: options =>
        {
            options.RequestLimitMs = 3_000;
            ways.Redirect(options);
        });
        var replicas = group.Replicas;
        var old = await replicas.LeaderAsync();
        var others = replicas.Running.Where(replica => replica != old).ToArray();
        Assert.True((await old.RegisterAsync()).IsOk);

        replicas.Links.Isolate(old.Status.ReplicaId, replicas.Addresses.Select(address => address.Id));
        ways.Isolate(old.Status.ReplicaId);

        // At once, while it believes that it leads; and again when another one leads and has changed what would be read.
        var first = await AskAsync(group, old, wave: 1);
        await Wait.UntilAsync(() => others.Any(replica => replica.Status.Role == ReplicaRole.Leader), "a new leader");
        Assert.True((await others[0].RegisterAsync()).IsOk);
        var second = await AskAsync(group, old, wave: 2);
        Asked[] asked = [first, second];
        foreach (var wave in asked) await wave.AssertNothingIsSaidAsync();
        Assert.Equal(2, (await others[0].ReadAsync()).NodeCount);

        replicas.Links.Mend();
        ways.Mend();
        await Wait.UntilAsync(() => old.Status is { Role: ReplicaRole.Follower, Leader: not null }, "the old leader to follow");
        foreach (var wave in asked) await wave.AssertIsSettledOnceAsync(group, others);
        await replicas.AgreeAsync(others[0].Status.Revision);
        Assert.All(replicas.Running, replica => Assert.Equal(2 + 2 * 2 * Count, replica.State.NodeCount));
        Assert.True((await old.RegisterAsync()).IsOk);
    }

    [Fact]
    public async Task Its_clients_are_sent_away_long_before_its_callers_give_up_and_find_their_change_made_once_elsewhere()
    {
        await using var group = await ServedGroup.StartAsync(output, replicas: options => options.RequestLimitMs = 60_000);
        var replicas = group.Replicas;
        var old = await replicas.LeaderAsync();
        var other = replicas.Running.First(replica => replica != old);
        Assert.True((await old.RegisterAsync()).IsOk);
        replicas.Links.Isolate(old.Status.ReplicaId, replicas.Addresses.Select(address => address.Id));

        // First, so that it is on its way when the leader gives up: it may have happened.
        var request = Admin("register_node", ("public_key", WireNode.NewKey().PublicKey.ToString()), ("request_id", $"{0xc0:x16}{1:x16}"));
        using var writer = await group.ConnectAsync(old);
        using var reader = await group.ConnectAsync(old);
        await writer.SendAsync(request);
        Assert.True(CodeOf(await writer.ReceiveAsync()) is "outcome_unknown" or "unavailable");
        var waiting = old.RegisterAsync();
        await reader.SendAsync(Admin("list_nodes", ("network_id", 0)));
        Assert.Equal("unavailable", CodeOf(await reader.ReceiveAsync()));
        Assert.False(waiting.IsCompleted);

        using var elsewhere = await group.ConnectAsync(other);
        Assert.Equal("register_node_ok", (await elsewhere.AskAsync(request)).GetProperty("type").GetString());
        replicas.Links.Mend();
        Assert.True((await waiting).IsOk);

        // The connection that was refused is served again, from the first request on that knows of it.
        Assert.Equal("register_node_ok", (await writer.AskAsync(request)).GetProperty("type").GetString());
        await replicas.AgreeAsync(other.Status.Revision);
        Assert.All(replicas.Running, replica => Assert.Equal(3, replica.State.NodeCount));
    }

    private static string? CodeOf(JsonElement answer) => answer.TryGetProperty("code", out var code) ? code.GetString() : answer.GetRawText();

    // Callers in the process and clients on the wire, each a read and some changes; nobody is waited for.
    private static async Task<Asked> AskAsync(ServedGroup group, MembershipReplica replica, ulong wave)
    {
        var proposals = Enumerable.Range(1, Count).Select(n => Requests.Registration(0xa0 + wave, (ulong)n)).ToArray();
        var requests = Enumerable.Range(1, Count).Select(n => Admin(
            "register_node", ("public_key", WireNode.NewKey().PublicKey.ToString()), ("request_id", $"{0xb0 + wave:x16}{n:x16}"))).ToArray();
        var read = replica.ReadAsync();
        var outcomes = proposals.Select(proposal => replica.ProposeAsync(proposal)).ToArray();
        var (reader, writer) = (await group.ConnectAsync(replica), await group.ConnectAsync(replica));
        await reader.SendAsync(Admin("list_nodes", ("network_id", 0)));
        await writer.SendAsync(requests);
        return new(proposals, requests, read, outcomes, reader, writer);
    }

    private sealed record Asked(
        Proposal[] Proposals, string[] Requests, Task Read, Task<Outcome>[] Outcomes, WireClient Reader, WireClient Writer)
    {
        private readonly List<Code> _codes = [];

        public async Task AssertNothingIsSaidAsync()
        {
            await Assert.ThrowsAsync<ReplicaUnavailableException>(() => Read);
            _codes.AddRange((await Task.WhenAll(Outcomes)).Select(outcome => outcome.Code));
            Assert.All(_codes, code => Assert.True(code is Code.OutcomeUnknown or Code.Unavailable, $"{code}"));
            Assert.Equal("unavailable", CodeOf(await Reader.ReceiveAsync()));
            for (var i = 0; i < Count; i++) Assert.True(CodeOf(await Writer.ReceiveAsync()) is "outcome_unknown" or "unavailable");
            Reader.Dispose();
            Writer.Dispose();
        }

        // Again under the same ids, by way of others than the one that was asked first.
        public async Task AssertIsSettledOnceAsync(ServedGroup group, MembershipReplica[] others)
        {
            foreach (var (proposal, code) in Proposals.Zip(_codes))
            {
                var outcome = await others[0].ProposeAsync(proposal);
                Assert.True(outcome.IsOk, $"{outcome}");
                Assert.False(outcome.Repeated && code == Code.Unavailable, "it was told that nothing happened, and it had");
                Assert.Equal(outcome with { Repeated = true }, await others[1].ProposeAsync(proposal));
            }

            using var one = await group.ConnectAsync(others[0]);
            using var two = await group.ConnectAsync(others[1]);
            foreach (var request in Requests)
            {
                var answer = await one.AskAsync(request);
                Assert.Equal("register_node_ok", answer.GetProperty("type").GetString());
                Assert.False(answer.GetProperty("existing").GetBoolean());
                Assert.Equal(answer.GetRawText(), (await two.AskAsync(request)).GetRawText());
            }
        }
    }
}
