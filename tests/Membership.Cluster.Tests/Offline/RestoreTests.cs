using Membership.Cluster.Tests.Canaries;
using Membership.Cluster.Tests.Replicas;
using Membership.Replication;
using Membership.Replication.Offline;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Offline;

/// <summary>A backup becomes a new cluster.</summary>
public sealed class RestoreTests(ITestOutputHelper output) : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_backup_of_a_running_cluster_becomes_three_new_replicas_with_its_state_and_its_sessions()
    {
        var requests = Enumerable.Range(1, 30).Select(i => Requests.Registration(client: 7, sequence: (ulong)i)).ToArray();
        var outcomes = new List<Outcome>();
        Backup backup;
        await using (var old = new ReplicaGroup(output, 3, "old"))
        {
            await old.StartAllAsync();
            var leader = await old.LeaderAsync();
            foreach (var request in requests) outcomes.Add(await leader.ProposeAsync(request));
            await old.AgreeAsync(30);
            backup = await Backups.SaveAsync(await old.FollowerAsync(), folder["backup"]);
            Assert.Equal((leader.Status.Revision, leader.Status.Digest), (backup.Header.Revision, backup.Header.Digest));
        }

        await using var group = new ReplicaGroup(output, 3, "new");
        foreach (var replica in group.Addresses)
        {
            var founded = await Restore.IntoAsync(backup, group.FolderOf(replica.Id), new("new", replica.Id, [.. group.Addresses], null));
            Assert.Equal((backup.Header.Revision, backup.Header.Index), (founded.State.Revision, founded.State.AppliedIndex));
            Assert.Equal(backup.Header.Digest, founded.State.WithClusterId("old").Digest);
            Assert.Null(founded.Aside);
        }

        await Task.WhenAll(group.Addresses.Select(replica => group.StartAsync(replica.Id, bootstrap: false)));
        var next = await group.LeaderAsync();
        Assert.All(group.Running, replica => Assert.Equal(backup.Header.Digest, replica.State.WithClusterId("old").Digest));

        // What the old cluster answered is answered again, and nothing is applied a second time.
        for (var i = 0; i < requests.Length; i++) Assert.Equal(outcomes[i] with { Repeated = true }, await next.ProposeAsync(requests[i]));
        for (var i = 0; i < 20; i++) Assert.True((await next.RegisterAsync()).IsOk);
        await group.AgreeAsync(backup.Header.Revision + 20);
        Assert.Equal(50, next.State.NodeCount);

        // The log goes on behind the backup, over restarts too.
        await Task.WhenAll(group.Addresses.Select(replica => group.StopAsync(replica.Id)));
        await group.StartAllAsync();
        next = await group.LeaderAsync();
        Assert.True((await next.RegisterAsync()).IsOk);
        await group.AgreeAsync(backup.Header.Revision + 21);
        Assert.Equal(51, (await next.ReadAsync()).NodeCount);
    }
}
