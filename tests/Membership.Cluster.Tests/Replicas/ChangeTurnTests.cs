using Membership.Replication;
using Membership.Replication.Configuration;
using Xunit;

namespace Membership.Cluster.Tests.Replicas;

public sealed class ChangeTurnTests
{
    private static readonly ClusterChange add = ClusterChange.Transfer("r4");
    private static readonly ClusterChange remove = ClusterChange.Remove("r1");
    private readonly ChangeTurn _turn = new();

    [Fact]
    public async Task A_change_that_was_given_up_keeps_its_turn_until_it_has_ended()
    {
        var (began, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var giveUp = new CancellationTokenSource();
        var given = _turn.RunAsync(add, _ => Begin(began, end.Task), giveUp.Token);
        await began.Task.WaitAsync(TimeSpan.FromSeconds(15));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        // What it appended may still be committed: nobody else may begin.
        var refused = await Assert.ThrowsAsync<ClusterChangeException>(() => _turn.RunAsync(remove, _ => Task.CompletedTask, default));
        Assert.Equal(Code.ChangeInProgress, refused.Code);
        end.SetResult();
        await Retry.UntilAsync(() => _turn.RunAsync(remove, _ => Task.CompletedTask, default), e => e is ClusterChangeException, "the turn to be free");
    }

    [Fact]
    public async Task Who_asks_for_the_same_change_waits_for_it_and_does_not_begin_another()
    {
        var (began, end, count) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        Task Run(CancellationToken abandoned)
        {
            count++;
            return Begin(began, end.Task);
        }

        var first = _turn.RunAsync(add, Run, default);
        await began.Task.WaitAsync(TimeSpan.FromSeconds(15));
        var second = _turn.RunAsync(add with { }, Run, default);
        end.SetResult();
        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(1, count);
    }

    [Fact]
    public async Task Who_comes_after_all_others_gave_up_begins_anew_when_the_turn_is_over()
    {
        using var giveUp = new CancellationTokenSource();
        var began = new TaskCompletionSource();
        var given = _turn.RunAsync(add, abandoned => Begin(began, Task.Delay(Timeout.Infinite, abandoned)), giveUp.Token);
        await began.Task.WaitAsync(TimeSpan.FromSeconds(15));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        var isAnew = false;
        await _turn.RunAsync(add, _ => { isAnew = true; return Task.CompletedTask; }, default).WaitAsync(TimeSpan.FromSeconds(15));
        Assert.True(isAnew);
    }

    private static Task Begin(TaskCompletionSource began, Task end)
    {
        began.TrySetResult();
        return end;
    }
}
