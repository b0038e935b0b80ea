using System.Threading.Channels;
using Membership.Replication.Reads;
using Xunit;

namespace Membership.Cluster.Tests.Reads;

/// <summary>One call for all who wait at its beginning, under real threads.</summary>
public sealed class CoalescedCallTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private readonly Channel<TaskCompletionSource<int>> _calls = Channel.CreateUnbounded<TaskCompletionSource<int>>();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_comes_while_a_call_is_under_way_gets_the_answer_of_the_next_one(bool asksAgain)
    {
        var shared = new CoalescedCall<int>(BeginAsync, Long, CancellationToken.None);
        var first = shared.CallAsync(asksAgain, CancellationToken.None);
        var one = await NextCallAsync();
        var second = shared.CallAsync(asksAgain, CancellationToken.None);
        var third = shared.CallAsync(asksAgain, CancellationToken.None);
        one.SetResult(1);
        Assert.Equal(1, await first);
        var two = await NextCallAsync();
        Assert.False(second.IsCompleted);
        two.SetResult(2);
        Assert.Equal(2, await second);
        Assert.Equal(2, await third);
        Assert.False(_calls.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Those_who_are_answered_together_ask_again_together()
    {
        const int Callers = 64;
        const int Rounds = 100;
        var calls = 0;
        var shared = new CoalescedCall<int>(
            async _ =>
            {
                Interlocked.Increment(ref calls);
                await Task.Delay(5, CancellationToken.None);
                return 0;
            },
            Long,
            CancellationToken.None);
        var left = Callers * Rounds;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0) await shared.CallAsync(asksAgain: true, CancellationToken.None);
        })));

        // Two halves that take turns would need twice as many.
        Assert.InRange(calls, Rounds, Rounds * 3 / 2);
    }

    [Fact]
    public async Task Who_blocks_its_turn_holds_up_nobody()
    {
        using var release = new ManualResetEventSlim();
        var shared = new CoalescedCall<int>(BeginAsync, Long, CancellationToken.None);
        var blocking = Task.Run(BlockAsync);
        (await NextCallAsync()).SetResult(1);
        for (var i = 0; i < 10; i++)
        {
            var next = shared.CallAsync(asksAgain: true, CancellationToken.None);
            (await NextCallAsync()).SetResult(2);
            Assert.Equal(2, await next);
        }

        release.Set();
        await blocking;

        async Task BlockAsync()
        {
            await shared.CallAsync(asksAgain: true, CancellationToken.None);
            release.Wait();
        }
    }

    [Fact]
    public async Task Who_gives_up_goes_on_in_the_pool_and_not_where_that_is_said()
    {
        using var givesUp = new CancellationTokenSource();
        using var isSaid = new ManualResetEventSlim();
        var shared = new CoalescedCall<int>(BeginAsync, Long, CancellationToken.None);
        var waiting = WaitAsync();
        givesUp.Cancel();
        isSaid.Set();
        await waiting;

        async Task WaitAsync()
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shared.CallAsync(asksAgain: true, givesUp.Token));
            Assert.True(isSaid.Wait(Long));
        }
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_others_their_answer()
    {
        using var givesUp = new CancellationTokenSource();
        var shared = new CoalescedCall<int>(BeginAsync, Long, CancellationToken.None);
        var first = shared.CallAsync(asksAgain: true, CancellationToken.None);
        var one = await NextCallAsync();
        var impatient = shared.CallAsync(asksAgain: true, givesUp.Token);
        var patient = shared.CallAsync(asksAgain: true, CancellationToken.None);
        await givesUp.CancelAsync();
        Assert.Equal(givesUp.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient)).CancellationToken);
        one.SetResult(1);
        (await NextCallAsync()).SetResult(2);
        Assert.Equal(1, await first);
        Assert.Equal(2, await patient);
    }

    [Fact]
    public async Task A_failure_is_for_those_of_its_call_alone()
    {
        var shared = new CoalescedCall<int>(BeginAsync, Long, CancellationToken.None);
        var first = shared.CallAsync(asksAgain: true, CancellationToken.None);
        var one = await NextCallAsync();
        var second = shared.CallAsync(asksAgain: false, CancellationToken.None);
        one.SetException(new InvalidOperationException("broken"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        (await NextCallAsync()).SetResult(2);
        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task The_time_of_each_is_its_own()
    {
        var shared = new CoalescedCall<int>(BeginAsync, TimeSpan.FromSeconds(6), CancellationToken.None);
        var first = shared.CallAsync(asksAgain: true, CancellationToken.None);
        await NextCallAsync();
        await Task.Delay(2_000);
        var early = shared.CallAsync(asksAgain: true, CancellationToken.None);
        await Task.Delay(2_000);
        var late = shared.CallAsync(asksAgain: true, CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        // The next call is for both of them. The early one's time ends while it is under way, and that does not end it.
        var two = await NextCallAsync();
        Assert.False(early.IsCompleted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => early);
        Assert.False(late.IsCompleted);
        two.SetResult(2);
        Assert.Equal(2, await late);
    }

    [Fact]
    public async Task A_stop_ends_all()
    {
        using var stop = new CancellationTokenSource();
        var shared = new CoalescedCall<int>(BeginAsync, Long, stop.Token);
        var first = shared.CallAsync(asksAgain: true, CancellationToken.None);
        await NextCallAsync();
        var second = shared.CallAsync(asksAgain: false, CancellationToken.None);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shared.CallAsync(asksAgain: true, CancellationToken.None));
    }

    private async ValueTask<int> BeginAsync(CancellationToken token)
    {
        var call = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls.Writer.TryWrite(call);
        return await call.Task.WaitAsync(token);
    }

    private ValueTask<TaskCompletionSource<int>> NextCallAsync() => _calls.Reader.ReadAsync();
}
