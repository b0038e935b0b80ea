using Xunit;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 1: a follower acknowledges an entry before it is on its disk.</summary>
public sealed class Fact01Tests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ListStateMachine machine = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Fact01_Follower_acknowledges_before_fsync()
    {
        await using var log = Logs.Stock(folder["log"], machine);
        machine.Stall.Hold();

        await log.FollowAsync(1, 1).WaitAsync(Logs.Soon);

        await using (var afterKill = Logs.Stock(folder.Image(folder["log"]), new ListStateMachine()))
            Assert.Equal(0, afterKill.LastEntryIndex);
        machine.Stall.Release();
    }

    [Fact]
    public async Task Fact01_Repaired_follower_acknowledges_after_fsync()
    {
        await using var log = Logs.Durable(folder["log"], machine);
        await log.SetTermAsync(1);
        machine.Stall.Hold();

        var append = log.FollowAsync(1, 1);
        await machine.Stall.Holding.WaitAsync(Logs.Soon);
        Assert.False(append.IsCompleted);
        Assert.True(log.PendingFlush > TimeSpan.Zero);

        machine.Stall.Release();
        await append.WaitAsync(Logs.Soon);
        Assert.Equal(TimeSpan.Zero, log.PendingFlush);
        Assert.True(log.LastFlush > TimeSpan.Zero);
        await using var afterKill = Logs.Durable(folder.Image(folder["log"]), new ListStateMachine());
        Assert.Equal(1, afterKill.LastEntryIndex);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fact01_Write_is_acknowledged_while_both_followers_disks_stand_still_unless_repaired(bool repaired)
    {
        await using var cluster = await TestCluster.StartAsync(3, new ClusterSetup { Log = (at, to) => repaired ? Logs.Durable(at, to) : Logs.Stock(at, to) });
        var leader = await cluster.LeaderAsync();
        await leader.ReplicateAsync("before");
        var followers = cluster.Others(leader);
        foreach (var follower in followers)
        {
            await Wait.UntilAsync(() => follower.Machine.Payloads.Contains("before"), "the followers to apply");
            follower.Machine.Stall.Hold();
        }

        var write = leader.ReplicateAsync("held");
        await Task.WhenAny(write, Task.WhenAll(followers.Select(follower => follower.Machine.Stall.Holding))).WaitAsync(Logs.Soon);
        if (repaired)
        {
            await Task.WhenAll(followers.Select(follower => follower.Machine.Stall.Holding)).WaitAsync(Logs.Soon);
            Assert.DoesNotContain("held", leader.Machine.Payloads);
        }
        else
        {
            await write.WaitAsync(Logs.Soon);
            foreach (var follower in followers)
            {
                await using var afterKill = Logs.Stock(cluster.Folder.Image(follower.Folder), new ListStateMachine());
                Assert.True(afterKill.LastEntryIndex < leader.Log.LastEntryIndex);
            }
        }
    }
}
