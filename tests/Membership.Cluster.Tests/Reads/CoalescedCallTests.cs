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
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < Rounds; i++) await shared.CallAsync(asksAgain: true, CancellationToken.None);
        })));

        // Each needs as many calls as rounds; two halves that take turns would need twice as many.
        Assert.InRange(calls, Rounds, Rounds * 3 / 2);
    }

    [Fact]
    public async Task Who_blocks_its_turn_holds_up_nobody()
    {
        using var release = new ManualResetEventSlim();
        var shared = new CoalescedCall<int>(BeginAsync, Long, CancellationToken.None);
        var blocking = BlockAsync();
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
        // No call is ever answered but the last: all who wait share one that ends with the first one's time.
        var shared = new CoalescedCall<int>(BeginAsync, TimeSpan.FromSeconds(4), CancellationToken.None);
        var first = shared.CallAsync(asksAgain: true, CancellationToken.None);
        await NextCallAsync();
        await Task.Delay(2_000);
        var second = shared.CallAsync(asksAgain: true, CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(second.IsCompleted);
        var third = shared.CallAsync(asksAgain: true, CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        while (!third.IsCompleted)
        {
            if (_calls.Reader.TryRead(out var call)) call.TrySetResult(3);
            await Task.Delay(1);
        }

        Assert.Equal(3, await third);
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
