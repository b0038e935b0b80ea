using DotNext.Net.Cluster.Consensus.Raft;
using Xunit;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 16: the leader commits the median of the answers that it received, not of all voters.</summary>
public sealed class Fact16Tests
{
    private const int BacklogMebibytes = 200;

    // Until then the leader works off rounds that it had queued for the follower before, and takes it for unavailable.
    private const int EntriesOfOldRounds = 80;

    [Fact]
    public async Task Fact16_Five_voters_commit_what_two_of_them_hold()
    {
        await using var cluster = await TestCluster.StartAsync(5);
        var (leader, behind) = await LeaveBehindAsync(cluster);
        var start = behind.Log.LastEntryIndex;

        cluster.Links.Mend();
        await Wait.UntilAsync(() => behind.Log.LastEntryIndex > start + EntriesOfOldRounds, "the follower to begin to catch up");
        var gone = cluster.Others(leader, behind)[1..];
        foreach (var node in gone)
            cluster.Isolate(node);
        await leader.ReplicateAsync("held by two").WaitAsync(Logs.Soon);

        var index = leader.Machine.Content[^1].Index;
        Assert.Equal(2, cluster.Nodes.Count(node => node.Log.LastEntryIndex >= index));
    }

    [Fact]
    public async Task Fact16_Three_voters_do_not_commit_what_one_of_them_holds()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        var (leader, behind) = await LeaveBehindAsync(cluster);
        var start = behind.Log.LastEntryIndex;

        cluster.Links.Mend();
        await Wait.UntilAsync(() => behind.Log.LastEntryIndex > start + EntriesOfOldRounds, "the follower to begin to catch up");
        cluster.Isolate(cluster.Others(leader, behind)[0]);
        var heldByTwo = true;
        leader.Machine.Applying = index => heldByTwo &= behind.Log.LastEntryIndex >= index;
        await leader.ReplicateAsync("held by two").WaitAsync(Logs.Soon);

        Assert.True(heldByTwo);
        Assert.Equal("held by two", leader.Machine.Payloads[^1]);
    }

    // All nodes write the backlog at once, and on a busy disk that may end a leadership. The test is about one that stands.
    private static async Task<(TestNode Leader, TestNode Behind)> LeaveBehindAsync(TestCluster cluster)
    {
        while (true)
        {
            cluster.Links.Mend();
            var leader = await cluster.LeaderAsync();
            var behind = cluster.Others(leader)[0];
            cluster.Isolate(behind);
            try
            {
                await leader.ReplicateBallastAsync(BacklogMebibytes);
                return (leader, behind);
            }
            catch (NotLeaderException)
            {
            }
        }
    }
}
