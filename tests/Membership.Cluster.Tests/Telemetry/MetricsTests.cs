using Membership.Cluster.Tests.Replicas;
using Membership.Cluster.Tests.Watching;
using Membership.Replication;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Telemetry;

/// <summary>What replicas measure, heard by a listener.</summary>
public sealed class MetricsTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, double> expected = new()
    {
        ["pilot.invites.sent"] = 3,
        ["pilot.invites.accepted"] = 2,
        ["pilot.invites.rejected"] = 1,
        ["pilot.rbac.operations{promote}"] = 1,
        ["pilot.rbac.operations{demote}"] = 1,
        ["pilot.rbac.operations{transfer_ownership}"] = 1,
        ["pilot.rbac.operations{kick}"] = 1,
        ["pilot.rbac.pre_assignments"] = 2,
        ["pilot.policy.changes"] = 1,
        ["membership.apply.rejections{name_taken}"] = 1,
        ["membership.apply.repetitions"] = 1,
        ["membership.events{node.registered}"] = 5,
    };

    [Fact]
    public async Task Every_replica_counts_what_is_applied_once_also_over_a_restart()
    {
        const string cluster = "counted";
        using var measured = new Measured(cluster);
        await using var group = new ReplicaGroup(output, 3, cluster);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var revision = await LiveAsync(leader);
        await group.AgreeAsync(revision);
        foreach (var id in group.Addresses.Select(address => address.Id)) AssertCounted(measured, id);

        // Its log is applied again from the start.
        var again = (await group.FollowerAsync()).Status.ReplicaId;
        await group.StopAsync(again);
        await group.StartAsync(again, bootstrap: false);
        await group.AgreeAsync(revision);
        Assert.True((await group[again].RegisterAsync()).IsOk);
        await Wait.UntilAsync(() => measured.Sum(again, "membership.events{node.registered}") > 5, "the next event");
        Assert.Equal(6, measured.Sum(again, "membership.events{node.registered}"));
        Assert.Equal(3, measured.Sum(again, "pilot.invites.sent"));
    }

    [Fact]
    public async Task The_parts_of_a_replica_are_measured_and_gauges_read_its_fields()
    {
        const string cluster = "gauged";
        using var measured = new Measured(cluster);
        await using var group = new ReplicaGroup(output, 1, cluster);
        var replica = await group.StartAsync("r1");
        using var stop = new CancellationTokenSource();
        var watching = WatchAsync(replica, stop.Token);
        for (var i = 0; i < 10; i++) Assert.True((await replica.RegisterAsync()).IsOk);
        Assert.NotNull(await replica.ReadSnapshotAsync(null, 0, 1_000));
        await Wait.UntilAsync(() => Math.Abs(measured.Sum("r1", "membership.watch.consumers") - 1) < 0.5, "the consumer");
        measured.Collect();

        Assert.Equal(10, measured.Sum("r1", "membership.apply.mutations"));
        Assert.Equal(10, measured.Sum("r1", "membership.commit.batch"));
        foreach (var duration in new[] { "membership.apply.duration", "membership.commit.duration", "membership.log.fsync.duration", "membership.snapshot.write.duration" })
        {
            Assert.True(measured.Count("r1", duration) >= 1, duration);
            Assert.InRange(measured.Sum("r1", duration) / measured.Count("r1", duration), 1e-9, 60);
        }

        Assert.Equal(replica.Status.SnapshotIndex, measured.Sum("r1", "membership.snapshot.index"));
        Assert.Equal(measured.Sum("r1", "membership.snapshot.written"), measured.Sum("r1", "membership.snapshot.size"));
        Assert.True(measured.Sum("r1", "membership.snapshot.size") > 100);
        Assert.Equal(10, measured.Sum("r1", "membership.nodes"));
        Assert.Equal(1, measured.Sum("r1", "membership.sessions"));
        Assert.Equal(10, measured.Sum("r1", "membership.revision"));
        Assert.Equal(1, measured.Sum("r1", "membership.raft.leader"));
        Assert.Equal(replica.Status.AppliedIndex, measured.Sum("r1", "membership.apply.index"));
        Assert.Equal(0, measured.Sum("r1", "membership.fenced"));
        Assert.Equal(0, measured.Sum("r1", "membership.queue.length"));
        Assert.True(measured.Sum("r1", "membership.watch.held") > 0);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        Assert.Equal(0, measured.Sum("r1", "membership.watch.consumers"));
    }

    [Fact]
    public async Task A_consumer_that_is_behind_the_ring_of_events_counts_as_cut_off()
    {
        const string cluster = "cut-off";
        using var measured = new Measured(cluster);
        await using var group = new ReplicaGroup(output, 1, cluster) { Configure = options => options.WatchEventsMax = 2 };
        var replica = await group.StartAsync("r1");
        for (var i = 0; i < 5; i++) Assert.True((await replica.RegisterAsync()).IsOk);
        await using var items = replica.WatchAsync(1).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        Assert.IsType<Replication.Watch.HistoryGone>(items.Current);
        Assert.NotNull(replica.ReadEvents(1, 10, _ => true).OldestRevision);
        Assert.Equal(2, measured.Sum("r1", "membership.watch.cut_offs"));
    }

    [Fact]
    public async Task While_nobody_listens_nothing_is_enabled()
    {
        await using var group = new ReplicaGroup(output, 1, "silent");
        var replica = await group.StartAsync("r1");
        Assert.True((await replica.RegisterAsync()).IsOk);
        Assert.False(replica.Meter.Applied.Duration.Enabled);
        Assert.False(replica.Meter.CommitDuration.Enabled);
        Assert.False(Replication.Telemetry.ProposalTrace.IsListenedTo);
        Assert.Null(Replication.Telemetry.ProposalTrace.Origin);
    }

    private static async Task WatchAsync(MembershipReplica replica, CancellationToken token)
    {
        await foreach (var item in replica.WatchAsync(1, token: token)) Assert.NotNull(item);
    }

    // One network with all that is counted.
    private static async Task<ulong> LiveAsync(MembershipReplica replica)
    {
        var (owner, first, second, third) = (await replica.NodeAsync(), await replica.NodeAsync(), await replica.NodeAsync(), await replica.NodeAsync());
        var network = await replica.NetworkAsync(owner, "counted");
        foreach (var target in new[] { first, second, third }) await replica.ChangeAsync(new InviteToNetwork(network, owner, target));

        // Both find the role of an admin waiting for them: one as it joins, one as it gets its external id.
        await replica.ChangeAsync(new SetRbacPreassignments(network, [new("first@example", Role.Admin), new("second@example", Role.Admin)]));
        await replica.ChangeAsync(new SetExternalId(first, "first@example"));
        await replica.ChangeAsync(new RespondInvite(first, network, true), by: first);
        await replica.ChangeAsync(new RespondInvite(second, network, true), by: second);
        await replica.ChangeAsync(new SetExternalId(second, "second@example"));
        await replica.ChangeAsync(new RespondInvite(third, network, false), by: third);

        await replica.ChangeAsync(new DemoteMember(network, first));
        await replica.ChangeAsync(new PromoteMember(network, first));
        await replica.ChangeAsync(new TransferOwnership(network, first), by: owner);
        await replica.ChangeAsync(new KickMember(network, second), by: first);
        await replica.ChangeAsync(new SetNetworkPolicy { Network = network, Description = "counted" });
        var taken = new CreateNetwork { Creator = owner, Name = "counted", Enterprise = true };
        Assert.Equal(Code.NameTaken, (await replica.ProposeAsync(taken, Actor.Admin())).Code);
        var twice = Requests.Registration(client: 7, sequence: 1);
        Assert.True((await replica.ProposeAsync(twice)).IsOk);
        Assert.True((await replica.ProposeAsync(twice)).Repeated);
        return (await replica.ReadAsync()).Revision;
    }

    private static void AssertCounted(Measured measured, string replica) =>
        Assert.Equal(expected, expected.Keys.ToDictionary(name => name, name => measured.Sum(replica, name)));
}
