using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Cluster.Tests.Canaries;
using Membership.Replication;
using Membership.Replication.Birth;
using Membership.Replication.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

public sealed class FaultTests(ITestOutputHelper output)
{
    [Fact]
    public async Task An_entry_of_a_newer_library_stops_the_replica_before_it_is_applied_and_again_at_each_start()
    {
        await using var group = new ReplicaGroup(output, 1);
        var replica = await group.StartAsync("r1");
        Assert.True((await replica.RegisterAsync()).IsOk);
        await group.StopAsync("r1");
        await AppendAsync(Path.Combine(group.FolderOf("r1"), "log"), [0x93, 99, 0, 0x90]);

        for (var start = 0; start < 2; start++)
        {
            var refused = await Assert.ThrowsAsync<ReplicaFaultException>(() => group.StartAsync("r1"));
            Assert.Equal((ReplicaFaultKind.UnsupportedFormat, "unsupported_format"), (refused.Fault.Kind, refused.Fault.Code));
            Assert.IsType<UnsupportedFormatException>(refused.InnerException);
        }
    }

    [Fact]
    public async Task An_entry_of_nonsense_changes_nothing_and_stops_nobody()
    {
        await using var group = new ReplicaGroup(output, 1);
        var replica = await group.StartAsync("r1");
        Assert.True((await replica.RegisterAsync()).IsOk);
        var digest = replica.Status.Digest;
        await group.StopAsync("r1");
        await AppendAsync(Path.Combine(group.FolderOf("r1"), "log"), [0xff, 1, 2, 3]);

        replica = await group.StartAsync("r1");
        await group.LeaderAsync();
        await replica.ReadAsync();
        Assert.Equal(digest, replica.Status.Digest);
        Assert.True((await replica.RegisterAsync()).IsOk);
    }

    [Fact]
    public async Task A_replica_whose_snapshots_are_all_damaged_comes_back_without_a_vote_and_is_added_anew()
    {
        await using var group = new ReplicaGroup(output, 3) { Configure = options => options.SnapshotBytes = 64 << 10 };
        await group.StartAllAsync();
        var follower = await group.FollowerAsync();
        var id = follower.Status.ReplicaId;
        for (var i = 0; i < 3; i++)
        {
            var index = follower.Status.SnapshotIndex;
            await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(follower.RegisterAsync)));
            await Wait.UntilAsync(() => follower.Status.SnapshotIndex > index, "a snapshot");
        }

        await group.StopAsync(id);
        foreach (var file in Directory.GetFiles(Path.Combine(group.FolderOf(id), "snapshots"), "*.snapshot")) await File.WriteAllBytesAsync(file, [1, 2, 3]);
        var back = await group.StartAsync(id);
        Assert.Equal(ReplicaRole.Standby, back.Status.Role);
        Assert.Single(Directory.GetDirectories(group.FolderOf(id), "lost-*"));

        var leader = await group.LeaderAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await leader.RemoveReplicaAsync(id, limit.Token);
        await Retry.UntilAsync(() => leader.AddReplicaAsync(group.AddressOf(id), limit.Token), e => e is ClusterChangeException, "the change before to be applied");
        await Wait.UntilAsync(() => back.Status.Role == ReplicaRole.Follower, "the replica to have a vote again");
        await group.AgreeAsync(3_000);
    }

    [Fact]
    public async Task A_replica_that_is_killed_while_its_lost_files_are_set_aside_comes_back_without_a_vote()
    {
        await using var group = new ReplicaGroup(output, 3) { Configure = options => options.SnapshotBytes = 64 << 10 };
        await group.StartAllAsync();
        var follower = await group.FollowerAsync();
        var id = follower.Status.ReplicaId;
        for (var i = 0; i < 3; i++)
        {
            var index = follower.Status.SnapshotIndex;
            await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(follower.RegisterAsync)));
            await Wait.UntilAsync(() => follower.Status.SnapshotIndex > index, "a snapshot");
        }

        await group.StopAsync(id);
        foreach (var file in Directory.GetFiles(Path.Combine(group.FolderOf(id), "snapshots"), "*.snapshot")) await File.WriteAllBytesAsync(file, [1, 2, 3]);
        using (var folder = DataFolder.Open(group.OptionsOf(id)))
        {
            // What stands in the way ends the first attempt where it would move the voters.
            Directory.CreateDirectory(Path.Combine(group.FolderOf(id), $"lost-{folder.Meta!.Incarnation:x16}", "configuration"));
            Assert.ThrowsAny<IOException>(folder.SetAside);
        }

        var back = await group.StartAsync(id);
        Assert.Equal(ReplicaRole.Standby, back.Status.Role);
    }

    [Fact]
    public async Task A_sole_replica_whose_snapshots_are_all_damaged_refuses_to_start_and_names_them()
    {
        await using var group = new ReplicaGroup(output, 1) { Configure = options => options.SnapshotBytes = 64 << 10 };
        var replica = await group.StartAsync("r1");
        for (var i = 0; i < 3; i++)
        {
            var index = replica.Status.SnapshotIndex;
            await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(replica.RegisterAsync)));
            await Wait.UntilAsync(() => replica.Status.SnapshotIndex > index, "a snapshot");
        }

        await group.StopAsync("r1");
        var files = Directory.GetFiles(Path.Combine(group.FolderOf("r1"), "snapshots"), "*.snapshot");
        foreach (var file in files) await File.WriteAllBytesAsync(file, [1, 2, 3]);
        var refused = await Assert.ThrowsAsync<DataFolderException>(() => group.StartAsync("r1"));
        Assert.Equal(DataFolderProblem.Damaged, refused.Problem);
        Assert.All(files, file => Assert.Contains(file, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_leader_that_can_no_longer_write_stops_and_another_one_leads()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        Assert.True((await leader.RegisterAsync()).IsOk);
        group.Disks[leader.Status.ReplicaId].Fail(new IOException("Input/output error"));

        // Its last word may be lost with it, but not its stopping.
        _ = leader.RegisterAsync();
        var fault = await leader.Fault.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((ReplicaFaultKind.LogFailed, "log_failed"), (fault.Kind, fault.Code));
        Assert.Equal(ReplicaRole.Stopped, leader.Status.Role);
        var other = group.Running.First(replica => replica != leader);
        Assert.True((await other.RegisterAsync()).IsOk);
    }

    [Fact]
    public async Task In_a_host_the_replica_starts_reports_its_health_and_stops()
    {
        await using var group = new ReplicaGroup(output, 1);
        var builder = Host.CreateApplicationBuilder();
        var template = group.OptionsOf("r1");
        builder.Services.AddMembershipReplica(options =>
        {
            (options.ClusterId, options.ReplicaId, options.DataFolder, options.Bootstrap) =
                (template.ClusterId, template.ReplicaId, template.DataFolder, true);
            options.Replicas.Add(template.Replicas[0]);
        });
        using var host = builder.Build();
        await host.StartAsync();
        var replica = host.Services.GetRequiredService<MembershipReplica>();
        Assert.True((await replica.RegisterAsync()).IsOk);
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.Equal(1UL, health.Entries["membership-ready"].Data["revision"]);
        await host.StopAsync();

        await using var again = await group.StartAsync("r1");
        Assert.Equal(1, (await again.ReadAsync()).NodeCount);
    }

    // As a leader of a newer version would.
    private static async Task AppendAsync(string location, byte[] entry)
    {
        await using var log = DurableLog.Open(location, new ListStateMachine());
        var index = await log.AppendAsync(new BinaryLogEntry { Term = ((IPersistentState)log).Term, CommandId = 1, Content = entry });
        await log.CommitAsync(index);
    }
}
