using System.Text.Json;
using Membership.Cluster.Tests.Replicas;
using Membership.Replication;
using Xunit;
using Xunit.Abstractions;
using static Membership.Cluster.Tests.Wire.WireClient;

namespace Membership.Cluster.Tests.Wire;

/// <summary>The same request sent again gets its first outcome with its first revision, whatever happened to the replicas meanwhile.</summary>
public sealed class ExactlyOnceTests(ITestOutputHelper output)
{
    private static readonly string Registration = Sent("register_node", 1, ("public_key", WireNode.NewKey().PublicKey.ToString()));
    private static readonly string Creation = Sent("create_network", 2, ("node_id", 1), ("name", "ops"));
    private static readonly string Refused = Sent("create_network", 3, ("node_id", 1), ("name", "ops"), ("join_rule", "open"));

    [Fact]
    public async Task By_way_of_another_replica_after_a_change_of_leader_a_restart_of_all_and_an_install_of_a_snapshot()
    {
        await using var group = await ServedGroup.StartAsync(output, replicas: options => options.SnapshotBytes = 64 << 10);
        var replicas = group.Replicas;
        var leader = await replicas.LeaderAsync();
        var story = await Story.TellAsync(group, leader);
        foreach (var replica in replicas.Running) await story.AssertSameAsync(group, replica);

        await group.StopAsync(leader.Status.ReplicaId);
        foreach (var replica in replicas.Running) await story.AssertSameAsync(group, replica);
        Assert.NotEqual(leader.Status.ReplicaId, (await replicas.LeaderAsync()).Status.ReplicaId);

        await Task.WhenAll(replicas.Running.Select(replica => group.StopAsync(replica.Status.ReplicaId)));
        foreach (var id in replicas.Addresses.Select(address => address.Id)) await group.StartAsync(id);
        await replicas.LeaderAsync();
        foreach (var replica in replicas.Running) await story.AssertSameAsync(group, replica);

        var away = (await replicas.FollowerAsync()).Status.ReplicaId;
        await group.StopAsync(away);
        await FillAsync(await replicas.LeaderAsync(), snapshots: 4);
        var back = await group.StartAsync(away);
        await Wait.UntilAsync(() => replicas.Log.Events.Any(e => e.Replica == away && e.Id == 135), "a snapshot to be installed");
        await story.AssertSameAsync(group, back);

        // As a leader it decides by what the snapshot brought.
        await replicas.AgreeAsync(replicas.Running.Max(replica => replica.Status.Revision));
        await Retry.UntilAsync(() => back.TransferLeadershipAsync(away), e => e is ClusterChangeException or ReplicaUnavailableException, "the replica to lead");
        await Wait.UntilAsync(() => back.Status.Role == ReplicaRole.Leader, "the replica to lead");
        await story.AssertSameAsync(group, back);
        await replicas.AgreeAsync(back.Status.Revision);
        Assert.Equal(1, back.State.NetworkCount);
    }

    private static string Sent(string type, ulong sequence, params (string Name, object? Value)[] fields) =>
        Admin(type, [.. fields, ("request_id", $"{0xc1:x16}{sequence:x16}")]);

    private static async Task FillAsync(MembershipReplica replica, int snapshots)
    {
        for (var i = 0; i < snapshots; i++)
        {
            var before = replica.Status.SnapshotIndex;
            Assert.All(await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(replica.RegisterAsync))), outcome => Assert.True(outcome.IsOk, $"{outcome}"));
            await Wait.UntilAsync(() => replica.Status.SnapshotIndex > before, "a snapshot");
        }
    }

    /// <summary>What was asked, in the process and on the wire, and what was answered the first time.</summary>
    private sealed record Story(Proposal Proposal, Outcome Outcome, string[] Requests, string[] Answers)
    {
        public static async Task<Story> TellAsync(ServedGroup group, MembershipReplica replica)
        {
            string[] requests = [Registration, Creation, Refused];
            using var client = await group.ConnectAsync(replica);
            var answers = new List<JsonElement>();
            foreach (var request in requests) answers.Add(await client.AskAsync(request));
            Assert.Equal("name_taken", answers[2].GetProperty("code").GetString());
            var proposal = Replicas.Requests.Registration(client: 7, sequence: 1);
            var outcome = await replica.ProposeAsync(proposal);
            Assert.True(outcome.IsOk);
            Assert.True(answers[1].GetProperty("revision").GetUInt64() < outcome.Revision);
            return new(proposal, outcome, requests, [.. answers.Select(answer => answer.GetRawText())]);
        }

        public async Task AssertSameAsync(ServedGroup group, MembershipReplica replica)
        {
            Assert.Equal(Outcome with { Repeated = true }, await replica.ProposeAsync(Proposal));
            using var client = await group.ConnectAsync(replica);
            for (var i = 0; i < Requests.Length; i++) Assert.Equal(Answers[i], (await client.AskAsync(Requests[i])).GetRawText());
        }
    }
}
