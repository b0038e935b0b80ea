using System.Diagnostics;
using Membership.Cluster.Tests.Hosting;
using Membership.Replication;
using Membership.Replication.Faults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

/// <summary>A disk that does not answer, and one that is full, under a real log.</summary>
public sealed class DiskTests(ITestOutputHelper output)
{
    // A replica of this file's options; what a busy machine adds to it is not the disk's.
    private static readonly TimeSpan TwoElectionTimeouts = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task A_leader_whose_disk_does_not_answer_steps_down_within_two_election_timeouts_and_says_so()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var acknowledged = await RegisterAsync(leader, 20);
        using var disk = BadDisk.Hang(group.Disks[leader.Status.ReplicaId]);
        var hung = Stopwatch.GetTimestamp();
        var pending = leader.RegisterAsync();
        var fault = await leader.Fault.WaitAsync(TwoElectionTimeouts + Tolerance);
        output.WriteLine($"fault after {Stopwatch.GetElapsedTime(hung).TotalMilliseconds:F0} ms");
        Assert.True(Stopwatch.GetElapsedTime(hung) >= TwoElectionTimeouts, "it gave up too early");
        Assert.Equal((ReplicaFaultKind.DiskSlow, "disk_slow"), (fault.Kind, fault.Code));
        await AssertOthersGoOnAsync(group, leader, acknowledged, await pending);

        // Nor does the disk keep the replica from being closed.
        await leader.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_leader_whose_disk_is_full_steps_down_and_says_so()
    {
        await using var group = new ReplicaGroup(output, 3) { Configure = options => options.SnapshotBytes = 64 << 10 };
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var acknowledged = await RegisterAsync(leader, 20);
        BadDisk.Fill(group.FolderOf(leader.Status.ReplicaId), toIndex: 3_000);
        var load = Enumerable.Range(0, 2_000).Select(_ => Task.Run(leader.RegisterAsync)).ToArray();
        var fault = await leader.Fault.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((ReplicaFaultKind.DiskFull, "disk_full"), (fault.Kind, fault.Code));
        Assert.Contains("No space left on device", fault.Message, StringComparison.Ordinal);
        acknowledged.AddRange((await Task.WhenAll(load)).Where(outcome => outcome.IsOk).Select(outcome => outcome.Results.Node));
        await AssertOthersGoOnAsync(group, leader, acknowledged, new(Code.Unavailable, 0));
    }

    [Fact]
    public void A_full_disk_is_told_from_other_failures()
    {
        var full = Assert.ThrowsAny<IOException>(() => File.WriteAllBytes("/dev/full", [1]));
        Assert.Equal(ReplicaFaultKind.DiskFull, DiskFull.KindOf(new InvalidOperationException("A flush failed.", full), ReplicaFaultKind.LogFailed));
        var other = Assert.ThrowsAny<IOException>(() => File.ReadAllBytes("/nowhere/at/all"));
        Assert.Equal(ReplicaFaultKind.LogFailed, DiskFull.KindOf(other, ReplicaFaultKind.LogFailed));
    }

    [Fact]
    public async Task A_follower_whose_disk_does_not_answer_stops_and_costs_nobody_anything()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        var follower = await group.FollowerAsync();
        var acknowledged = await RegisterAsync(leader, 20);
        await group.AgreeAsync(20);
        using var disk = BadDisk.Hang(group.Disks[follower.Status.ReplicaId]);
        acknowledged.AddRange(await RegisterAsync(leader, 20));
        Assert.Equal(40, acknowledged.Count);
        Assert.Equal(ReplicaFaultKind.DiskSlow, (await follower.Fault.WaitAsync(TwoElectionTimeouts + Tolerance)).Kind);
        await AssertOthersGoOnAsync(group, follower, acknowledged, new(Code.Unavailable, 0));
    }

    private static async Task<List<NodeId>> RegisterAsync(MembershipReplica replica, int count)
    {
        var nodes = new List<NodeId>();
        for (var i = 0; i < count; i++)
        {
            if (await replica.RegisterAsync() is { IsOk: true } outcome) nodes.Add(outcome.Results.Node);
        }

        return nodes;
    }

    private static async Task AssertOthersGoOnAsync(ReplicaGroup group, MembershipReplica stopped, List<NodeId> acknowledged, Outcome last)
    {
        if (last.IsOk) acknowledged.Add(last.Results.Node);
        Assert.Equal(ReplicaRole.Stopped, stopped.Status.Role);
        var health = await HealthTests.ReadyAsync(stopped);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.StartsWith($"not_stopped: {stopped.Status.Fault!.Code}: ", health.Description, StringComparison.Ordinal);
        await Wait.UntilAsync(() => group.Running.Any(r => r != stopped && r.Status.Role == ReplicaRole.Leader), "another leader");
        var other = group.Running.First(replica => replica != stopped);
        Assert.True((await other.RegisterAsync()).IsOk);
        var state = await other.ReadAsync();
        Assert.All(acknowledged, node => Assert.True(state.Tables.Nodes.ContainsKey(node), $"{node} was acknowledged and is lost"));
    }
}
