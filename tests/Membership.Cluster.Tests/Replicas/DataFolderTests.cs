using System.Net;
using Membership.Cluster.Tests.Peers;
using Membership.Replication;
using Membership.Replication.Hosting;
using Membership.Replication.Peers;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Replicas;

/// <summary>A replica refuses a folder that is not its own, each with a code of its own, and changes nothing in it.</summary>
public sealed class DataFolderTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_folder_of_another_cluster() =>
        RefusedAsync(DataFolderProblem.OtherCluster, "folder_other_cluster", options => options.ClusterId = "beta");

    [Fact]
    public Task A_folder_of_another_replica() => RefusedAsync(
        DataFolderProblem.OtherReplica,
        "folder_other_replica",
        options =>
        {
            var self = options.Replicas.Single();
            options.Replicas.Clear();
            options.Replicas.Add(self with { Id = "r9" });
            options.ReplicaId = "r9";
        });

    [Fact]
    public Task A_folder_made_with_another_secret() =>
        RefusedAsync(DataFolderProblem.OtherSecret, "folder_other_secret", options => options.SecretId = "other");

    [Fact]
    public Task A_folder_of_a_newer_library() => RefusedAsync(
        DataFolderProblem.NewerFormat,
        "folder_newer_format",
        options =>
        {
            var meta = Path.Combine(options.DataFolder, "meta");
            File.WriteAllText(meta, File.ReadAllText(meta).Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal));
        });

    [Fact]
    public Task A_folder_without_its_meta_file() => RefusedAsync(
        DataFolderProblem.Damaged, "folder_damaged", options => File.Delete(Path.Combine(options.DataFolder, "meta")));

    [Fact]
    public Task A_folder_with_a_garbled_meta_file() => RefusedAsync(
        DataFolderProblem.Damaged, "folder_damaged", options => File.WriteAllText(Path.Combine(options.DataFolder, "meta"), "{\"format\":"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_whose_log_is_gone(bool onlyItsFiles)
    {
        await using var group = new ReplicaGroup(output, 1);
        Assert.True((await (await group.StartAsync("r1")).RegisterAsync()).IsOk);
        await group.StopAsync("r1");
        var log = Path.Combine(group.FolderOf("r1"), "log");
        Directory.Delete(log, recursive: true);
        if (onlyItsFiles) Directory.CreateDirectory(log);

        var refused = await Assert.ThrowsAsync<DataFolderException>(() => group.StartAsync("r1"));
        Assert.Equal((DataFolderProblem.Damaged, "folder_damaged"), (refused.Problem, refused.Code));
    }

    [Fact]
    public async Task An_empty_folder_beside_a_peer_that_is_still_opening_its_own_waits_for_its_answer()
    {
        await using var group = new ReplicaGroup(output, 3);
        await using var peer = new PeerPair(endPoint: (IPEndPoint)group.Addresses[0].PeerEndPoint);
        var asked = 0;
        peer.Service.OnStatus = () => Interlocked.Increment(ref asked) < 3
            ? new() { ReplicaId = "r1", Incarnation = 11, IsClosed = true }
            : new() { ReplicaId = "r1", Incarnation = 11, Revision = 5 };

        var empty = await group.StartAsync("r2", bootstrap: true);
        Assert.Equal(ReplicaRole.Standby, empty.Status.Role);
    }

    [Fact]
    public async Task A_replica_says_to_its_peers_whether_its_folder_is_still_to_be_opened()
    {
        var time = TimeProvider.System;
        Assert.True((await new PeerService(PeerPair.ServerIdentity, hasPast: true, time).GetStatusAsync(default)).IsClosed);
        Assert.False((await new PeerService(PeerPair.ServerIdentity, hasPast: false, time).GetStatusAsync(default)).IsClosed);
    }

    [Fact]
    public async Task An_empty_folder_of_a_sole_replica_without_bootstrap()
    {
        await using var group = new ReplicaGroup(output, 1);
        var refused = await Assert.ThrowsAsync<DataFolderException>(() => group.StartAsync("r1", bootstrap: false));
        Assert.Equal((DataFolderProblem.Empty, "folder_empty"), (refused.Problem, refused.Code));

        // Nothing stands in the way of saying it after all.
        Assert.True((await (await group.StartAsync("r1")).RegisterAsync()).IsOk);
    }

    [Fact]
    public async Task A_folder_that_is_in_use()
    {
        await using var group = new ReplicaGroup(output, 1);
        await group.StartAsync("r1");
        await using var second = new MembershipReplica(group.OptionsOf("r1"));
        var refused = await Assert.ThrowsAsync<DataFolderException>(() => second.StartAsync());
        Assert.Equal((DataFolderProblem.Locked, "folder_locked"), (refused.Problem, refused.Code));
    }

    [Fact]
    public async Task An_empty_folder_without_bootstrap_waits_without_a_vote()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAsync("r1");
        await group.StartAsync("r2");
        var leader = await group.LeaderAsync();
        Assert.True((await leader.RegisterAsync()).IsOk);

        var third = await group.StartAsync("r3", bootstrap: false);
        Assert.Equal(ReplicaRole.Standby, third.Status.Role);
    }

    [Fact]
    public async Task An_empty_folder_beside_a_living_cluster_waits_even_with_bootstrap()
    {
        await using var group = new ReplicaGroup(output, 3);
        await group.StartAllAsync();
        Assert.True((await (await group.LeaderAsync()).RegisterAsync()).IsOk);
        await group.AgreeAsync(1);
        await group.StopAsync("r3");
        group.Wipe("r3");

        var third = await group.StartAsync("r3", bootstrap: true);
        Assert.Equal(ReplicaRole.Standby, third.Status.Role);
        Assert.True((await (await group.LeaderAsync()).RegisterAsync()).IsOk);
        Assert.Equal(ReplicaRole.Standby, third.Status.Role);
    }

    [Theory]
    [InlineData(0, ReplicaRole.Follower)]
    [InlineData(5, ReplicaRole.Standby)]
    public async Task A_peer_that_is_still_opening_its_folder_is_asked_until_it_knows(ulong revision, ReplicaRole role)
    {
        await using var group = new ReplicaGroup(output, 3);
        var questions = 0;
        var service = new ScriptedService
        {
            OnStatus = () => new()
            {
                ReplicaId = "r2",
                Incarnation = 7,
                IsClosed = ++questions < 4,
                Revision = questions < 4 ? 0 : revision,
            },
        };
        await using var peer = new PeerServer((IPEndPoint)group.Addresses[1].PeerEndPoint, new("alpha", "r2", 7), service);
        peer.Start();
        var replica = await group.StartAsync("r1");
        Assert.True(questions >= 4);
        Assert.Equal(role, replica.Status.Role);
    }

    [Theory]
    [InlineData("Bootstrap")]
    [InlineData("ClusterId")]
    [InlineData("RequestTimeoutMs")]
    [InlineData("RaftListenEndPoint")]
    public async Task Options_out_of_range_are_named(string option)
    {
        await using var group = new ReplicaGroup(output, 1);
        var options = group.OptionsOf("r1");
        switch (option)
        {
            case "Bootstrap":
                options.Replicas.Add(options.Replicas[0] with { Id = "r2" });
                option = "Replicas";
                break;
            case "ClusterId":
                options.ClusterId = "Alpha";
                break;
            case "RequestTimeoutMs":
                options.RequestTimeoutMs = options.ElectionTimeoutMinMs + 1;
                break;
            default:
                options.RaftListenEndPoint = new(IPAddress.Any, 4000);
                break;
        }

        await using var replica = new MembershipReplica(options);
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => replica.StartAsync());
        Assert.StartsWith($"{option} is ", refused.Message, StringComparison.Ordinal);
    }

    private async Task RefusedAsync(DataFolderProblem problem, string code, Action<MembershipReplicaOptions> change)
    {
        await using var group = new ReplicaGroup(output, 1) { Configure = options => options.SecretId = "first" };
        Assert.True((await (await group.StartAsync("r1")).RegisterAsync()).IsOk);
        await group.StopAsync("r1");
        var log = Directory.GetFiles(Path.Combine(group.FolderOf("r1"), "log"), "*", SearchOption.AllDirectories).ToDictionary(f => f, File.ReadAllBytes);
        var options = group.OptionsOf("r1");
        change(options);

        await using var replica = new MembershipReplica(options);
        var refused = await Assert.ThrowsAsync<DataFolderException>(() => replica.StartAsync());
        Assert.Equal((problem, code), (refused.Problem, refused.Code));
        Assert.StartsWith(code, refused.Message, StringComparison.Ordinal);
        Assert.All(log, file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));
    }
}
