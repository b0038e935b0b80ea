using System.Diagnostics;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 15: all that a follower lacks goes into one request.</summary>
public sealed class Fact15Tests(ITestOutputHelper output)
{
    private const int BacklogMebibytes = 200;

    [Fact]
    public async Task Fact15_Follower_far_behind_never_catches_up()
    {
        await using var cluster = await TestCluster.StartAsync(3, new ClusterSetup { Log = (at, to) => Logs.Stock(at, to) });
        var (leader, follower) = await LeaveBehindAsync(cluster);

        await follower.StartAsync(cluster.Addresses);

        await Assert.ThrowsAsync<TimeoutException>(() => CaughtUpAsync(leader, follower, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Fact15_Repaired_follower_far_behind_is_back_soon_under_load_and_nothing_commits_early()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var (leader, follower) = await LeaveBehindAsync(cluster);
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(leader, stop.Token);

        var since = Stopwatch.GetTimestamp();
        await follower.StartAsync(cluster.Addresses);
        await CaughtUpAsync(leader, follower, TimeSpan.FromSeconds(30));
        output.WriteLine($"{BacklogMebibytes} MiB behind, back after {Stopwatch.GetElapsedTime(since)}");

        await stop.CancelAsync();
        var writes = await load;
        await Wait.UntilAsync(() => follower.Machine.Payloads.Contains($"load-{writes - 1}"), "the follower to apply the load");
        Assert.Equal(leader.Machine.Content, follower.Machine.Content);
    }

    private static async Task<(TestNode Leader, TestNode Follower)> LeaveBehindAsync(TestCluster cluster)
    {
        var leader = await cluster.LeaderAsync();
        var follower = cluster.Others(leader)[0];
        await follower.StopAsync();
        await leader.ReplicateBallastAsync(BacklogMebibytes);
        return (leader, follower);
    }

    private static Task CaughtUpAsync(TestNode leader, TestNode follower, TimeSpan limit) =>
        Wait.UntilAsync(() => follower.Log.LastEntryIndex >= leader.Log.LastCommittedEntryIndex, "the follower to catch up", limit);

    private static async Task<int> LoadAsync(TestNode leader, CancellationToken token)
    {
        var writes = 0;
        while (!token.IsCancellationRequested)
            await leader.ReplicateAsync($"load-{writes++}", CancellationToken.None);
        return writes;
    }
}
