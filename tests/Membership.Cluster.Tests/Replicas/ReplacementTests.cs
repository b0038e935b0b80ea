using Membership.Replication;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

/// <summary>The cluster outlives each of its first members, and nobody's options are edited for it.</summary>
public sealed class ReplacementTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task All_first_members_are_replaced_under_load_and_the_new_ones_find_one_another_from_disk()
    {
        await using var group = new ReplicaGroup(output, 3) { Configure = options => options.SnapshotBytes = 64 << 10 };
        await group.StartAllAsync();
        await group.LeaderAsync();
        int done;
        await using (var load = new ReplicaLoad(group, callers: 6))
        {
            var seed = group.AddressOf("r2");
            foreach (var (former, id) in new[] { ("r1", "r4"), ("r2", "r5"), ("r3", "r6") })
            {
                await load.AdvanceAsync(200);
                seed = await ReplaceAsync(group, former, id, seed);
            }

            await load.AdvanceAsync(200);
            (done, var unknown, var gap) = await load.EndAsync();
            output.WriteLine($"{done} acknowledged, {unknown} unknown, longest pause {gap.TotalMilliseconds:0} ms");
            await group.AgreeAsync((ulong)done);
            Assert.All(group.Running, replica => Assert.InRange(replica.State.NodeCount, done, done + unknown));
        }

        // Their options name a member that is long gone, and one another not at all.
        var digest = group["r4"].Status.Digest;
        string[] ids = ["r4", "r5", "r6"];
        await Task.WhenAll(ids.Select(group.StopAsync));
        await Task.WhenAll(ids.Select(id => group.StartAsync(id, bootstrap: false)));
        await group.LeaderAsync();
        await group.AgreeAsync((ulong)done);
        Assert.All(group.Running, replica => Assert.Equal(digest, replica.Status.Digest));
        Assert.True((await group["r4"].RegisterAsync()).IsOk);

        // Those that were told refuse their old folders.
        foreach (var id in new[] { "r1", "r2", "r3" })
            Assert.Equal("folder_removed", (await Assert.ThrowsAsync<DataFolderException>(() => group.StartAsync(id))).Code);
    }

    [Fact]
    public async Task A_member_that_was_away_meanwhile_learns_where_the_new_one_is_and_one_that_was_removed_meanwhile_that_it_is()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        await group.LeaderAsync();
        await group.StopAsync("r3");
        var r4 = group.NewReplica("r4", group.AddressOf("r2"));
        await group.StartAsync("r4", bootstrap: false);
        await group.StopAsync("r1");
        await group.StartAsync("r1", bootstrap: false);
        await RemoveAsync(group["r1"], "r3");
        await AddAsync(group["r2"], r4);
        await group.StopAsync("r2");
        await Wait.UntilAsync(() => group["r4"].Status.Role is ReplicaRole.Leader or ReplicaRole.Follower, "r4 to vote");
        Assert.True((await group["r1"].RegisterAsync()).IsOk);
        await group.StartAsync("r2", bootstrap: false);
        await Wait.UntilAsync(() => group["r2"].Status.Leader is not null, "r2 to follow");

        // r3 knows nothing of it, and comes back with its old data, its vote and its ballot.
        var leader = await group.LeaderAsync();
        var term = leader.Status.Term;
        var r3 = await group.StartAsync("r3", bootstrap: false);
        Assert.Equal(ReplicaFaultKind.Removed, (await r3.Fault.WaitAsync(Limit)).Kind);
        Assert.Equal((ReplicaRole.Leader, term), (leader.Status.Role, leader.Status.Term));
        await group.StopAsync("r3");
        var refused = await Assert.ThrowsAsync<DataFolderException>(() => group.StartAsync("r3", bootstrap: false));
        Assert.Equal(DataFolderProblem.Removed, refused.Problem);
        Assert.True((await leader.RegisterAsync()).IsOk);
    }

    [Fact]
    public async Task An_operator_sees_every_replica_from_each()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        await group.LeaderAsync();
        var r4 = group.NewReplica("r4", group.AddressOf("r1"));
        await group.StopAsync("r2");
        foreach (var replica in group.Running)
        {
            await replica.ReadAsync();
            var reports = (await replica.ClusterStatusAsync()).ToDictionary(report => report.Address.Id);
            Assert.Equal(["r1", "r2", "r3"], reports.Keys.Order());
            Assert.Equal((ReplicaRole.Unreachable, null), (reports["r2"].Role, reports["r2"].Digest));
            Assert.Equal("unreachable", Assert.Single(reports["r2"].Health));
            Assert.Equal([ReplicaRole.Follower, ReplicaRole.Leader], new[] { reports["r1"].Role, reports["r3"].Role }.Order());
            Assert.Equal(group.AddressOf("r3"), reports["r3"].Address);
            Assert.NotNull(reports["r1"].Digest);
        }

        await RemoveAsync(group["r1"], "r2");
        await group.StartAsync("r4", bootstrap: false);
        await AddAsync(group["r3"], r4);
        await Wait.UntilAsync(() => group["r4"].Status.Role == ReplicaRole.Follower, "r4 to vote");
        var seen = (await group["r4"].ClusterStatusAsync()).ToDictionary(report => report.Address.Id, report => report.Role);
        Assert.Equal(ReplicaRole.Follower, seen["r4"]);
        Assert.Contains(ReplicaRole.Leader, seen.Values);
    }

    private static async Task<ReplicaAddress> ReplaceAsync(ReplicaGroup group, string former, string id, ReplicaAddress seed)
    {
        // Asked of whom it does not concern.
        var asked = group.Running.First(replica => replica.Status.ReplicaId != former);
        await RemoveAsync(asked, former);
        Assert.Equal(ReplicaFaultKind.Removed, (await group[former].Fault.WaitAsync(Limit)).Kind);
        await group.StopAsync(former);
        var address = group.NewReplica(id, seed);
        await group.StartAsync(id, bootstrap: false);
        await AddAsync(asked, address);
        return address;
    }

    private static Task RemoveAsync(MembershipReplica asked, string id) => ChangeAsync(token => asked.RemoveReplicaAsync(id, token));

    private static Task AddAsync(MembershipReplica asked, ReplicaAddress replica) => ChangeAsync(token => asked.AddReplicaAsync(replica, token));

    private static async Task ChangeAsync(Func<CancellationToken, Task> change)
    {
        using var limit = new CancellationTokenSource(Limit);
        await Retry.UntilAsync(
            () => change(limit.Token), e => e is ClusterChangeException { Code: Code.NotCaughtUp } or ReplicaUnavailableException, "the change before to be applied");
    }
}
