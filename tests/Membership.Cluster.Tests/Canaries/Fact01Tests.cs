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
}
