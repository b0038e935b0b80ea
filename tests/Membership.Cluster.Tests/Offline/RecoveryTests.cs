using Membership.Cluster.Tests.Canaries;
using Membership.Cluster.Tests.Replicas;
using Membership.Replication;
using Membership.Replication.Birth;
using Membership.Replication.Offline;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Offline;

/// <summary>All that one replica holds becomes a new cluster; a kill at any step leaves a folder that the same call completes.</summary>
public sealed class RecoveryTests(ITestOutputHelper output)
{
    private static readonly string[] Former = ["meta", "configuration", "log", "log-begun"];

    [Fact]
    public async Task A_survivor_goes_on_alone_with_all_that_it_held_and_grows_to_three()
    {
        await using var group = new ReplicaGroup(output, 3, "old");
        await group.StartAllAsync();
        var leader = await group.LeaderAsync();
        for (var i = 0; i < 50; i++) Assert.True((await leader.RegisterAsync()).IsOk);
        await group.AgreeAsync(50);
        var digest = leader.Status.Digest;
        await Task.WhenAll(group.Addresses.Select(replica => group.StopAsync(replica.Id)));
        group.Wipe("r2");
        group.Wipe("r3");

        var folder = group.FolderOf("r1");
        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => Recovery.RunAsync(folder, "old"));
        Assert.Contains("id of its own", wrong.Message);
        var (survivor, founded) = await Recovery.RunAsync(folder, "new");
        Assert.Equal(("old", "r1", digest), (survivor!.ClusterId, survivor.ReplicaId, survivor.Replay.State.Digest));
        Assert.Equal(group.Addresses, survivor.Voters.OrderBy(voter => voter.Id));
        Assert.Equal([group.AddressOf("r1")], founded.Cluster.Replicas);
        Assert.Equal(digest, founded.State.WithClusterId("old").Digest);
        Assert.All(Former, name => Assert.True(Path.Exists(Path.Combine(founded.Aside!, name)), name));

        var refused = await Assert.ThrowsAsync<DataFolderException>(() => group.StartAsync("r1", bootstrap: false));
        Assert.Equal(DataFolderProblem.OtherCluster, refused.Problem);
        group.Configure = options =>
        {
            // Nobody tells the survivor of the others before they are added.
            options.ClusterId = "new";
            if (options.ReplicaId == "r1") foreach (var other in options.Replicas.Where(replica => replica.Id != "r1").ToArray()) options.Replicas.Remove(other);
        };
        var alone = await group.StartAsync("r1", bootstrap: false);
        await group.LeaderAsync();
        foreach (var id in new[] { "r2", "r3" })
        {
            await group.StartAsync(id, bootstrap: false);
            await Retry.UntilAsync(() => alone.AddReplicaAsync(group.AddressOf(id)), e => e is ClusterChangeException, $"{id} to be added");
        }

        Assert.True((await group["r3"].RegisterAsync()).IsOk);
        await group.AgreeAsync(51);
        Assert.All(group.Running, replica => Assert.Equal(51, replica.State.NodeCount));
        Assert.All(group.Running, replica => Assert.Equal("new", replica.State.ClusterId));
    }

    [Fact]
    public async Task A_kill_at_any_step_leaves_a_folder_on_which_nothing_starts_and_which_the_same_call_completes()
    {
        using var stopped = await StoppedReplica.MakeAsync(output, atOnce: 10);
        var options = new MembershipReplicaOptions { ClusterId = "new", ReplicaId = "r1" };
        for (var killedAt = 0; ; killedAt++)
        {
            var layout = new DataFolderLayout(stopped.Copy());
            Directory.CreateDirectory(layout.EvidencePath);
            var steps = 0;
            var exchange = new FolderExchange(layout, () => KillAt(killedAt, ref steps));
            exchange.Begin();
            options.DataFolder = layout.Path;
            var survivor = Survivor.Examine(layout.Path);
            var cluster = new NewCluster("new", "r1", [survivor.Self!], null);
            await FirstFolder.WriteAsync(exchange.Building, survivor.Replay.State.WithClusterId("new"), survivor.Log.Term, cluster.ToOptions(layout.Path), default);

            // Before it counts, the folder is the old one.
            Assert.Equal(stopped.Last.Digest, Survivor.Examine(layout.Path).Replay.State.Digest);
            exchange.Commit("former-x");
            if (Record.Exception(() => exchange.Finish()) is null)
            {
                output.WriteLine($"{steps} steps");
                Assert.True(steps > 12);
                return;
            }

            Assert.Equal(DataFolderProblem.Unfinished, Assert.Throws<DataFolderException>(() => DataFolder.Open(options)).Problem);
            Assert.Equal(OfflineProblem.FolderUnfinished, Assert.Throws<OfflineException>(() => OfflineReplica.Open(layout.Path)).Problem);
            var (again, founded) = await Recovery.RunAsync(layout.Path, "new");
            Assert.Null(again);
            Assert.Equal(stopped.Last.Digest, founded.State.WithClusterId("alpha").Digest);
            var former = Path.Combine(layout.Path, "former-x");
            Assert.All(Former.Append("evidence"), name => Assert.True(Path.Exists(Path.Combine(former, name)), $"{killedAt}: {name}"));
            Assert.False(Path.Exists(layout.UnfinishedPath));
        }
    }

    [Fact]
    public async Task A_folder_that_is_in_use_was_removed_or_diverged_is_refused_as_it_is()
    {
        using var stopped = await StoppedReplica.MakeAsync(output, atOnce: 10);
        await RefusedAsync(OfflineProblem.FolderRemoved, folder => File.WriteAllText(Path.Combine(folder, "removed"), ""));
        await RefusedAsync(OfflineProblem.FolderDiverged, folder => File.WriteAllText(Path.Combine(folder, "diverged"), "{}"));
        Assert.Equal(OfflineProblem.FolderMissing, (await Assert.ThrowsAsync<OfflineException>(() => Recovery.RunAsync(stopped.Folder + "-none", "new"))).Problem);
        await RefusedAsync(OfflineProblem.FolderEmpty, folder =>
        {
            Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
        });
        var used = stopped.Copy();
        using (DataFolder.Lock(new(used)))
            Assert.Equal(OfflineProblem.FolderLocked, (await Assert.ThrowsAsync<OfflineException>(() => Recovery.RunAsync(used, "new"))).Problem);

        async Task RefusedAsync(OfflineProblem problem, Action<string> make)
        {
            var folder = stopped.Copy();
            make(folder);
            File.WriteAllText(Path.Combine(folder, "lock"), "");
            var before = StoppedReplica.ContentOf(folder);
            Assert.Equal(problem, (await Assert.ThrowsAsync<OfflineException>(() => Recovery.RunAsync(folder, "new"))).Problem);
            Assert.Equal(before, StoppedReplica.ContentOf(folder));
        }
    }

    private static void KillAt(int step, ref int steps)
    {
        if (steps++ == step) throw new IOException("killed");
    }
}
