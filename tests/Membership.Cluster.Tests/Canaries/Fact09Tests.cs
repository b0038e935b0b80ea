using Xunit;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Fact 9: the log takes the state machine as it is when it is constructed, and starts to apply at once.</summary>
public sealed class Fact09Tests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder folder = new();

    public async Task InitializeAsync()
    {
        await using var log = Logs.Stock(folder["log"], new ListStateMachine());
        await log.FollowAsync(1, 1, 1, 1, 1, 1);
        await log.CommitAsync(5);
        await log.WaitForApplyAsync(5);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Fact09_Restored_before_the_log_only_later_entries_are_applied()
    {
        var machine = new ListStateMachine(new ListSnapshot(3, 1, []));
        await using var log = Logs.Stock(folder["log"], machine);

        await log.InitializeAsync();

        Assert.Equal(["4@1", "5@1"], machine.Payloads);
    }

    [Fact]
    public async Task Fact09_Restored_after_the_log_entries_are_applied_a_second_time()
    {
        var machine = new ListStateMachine();
        await using var log = Logs.Stock(folder["log"], machine);
        machine.Publish(3, 1);

        await log.InitializeAsync();

        Assert.Equal(["1@1", "2@1", "3@1", "4@1", "5@1"], machine.Payloads);
    }

    [Fact]
    public async Task Fact09_Entries_are_applied_before_the_log_is_initialized()
    {
        var machine = new ListStateMachine();
        await using var log = Logs.Stock(folder["log"], machine);

        await Wait.UntilAsync(() => machine.Payloads.Length == 5, "the replay that nobody asked for");
    }
}
