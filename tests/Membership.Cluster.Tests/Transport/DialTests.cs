using System.Collections.Concurrent;
using System.Diagnostics;
using Membership.Replication.Transport;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace Membership.Cluster.Tests.Transport;

public sealed class DialTests
{
    private static readonly TimeSpan ample = TimeSpan.FromMinutes(1);
    private readonly ConcurrentQueue<TaskCompletionSource<ConnectionContext>> _attempts = [];

    [Fact]
    public async Task An_attempt_outlives_who_asked_for_it_and_the_next_gets_its_connection()
    {
        await using var dial = NewDial();
        using var giveUp = new CancellationTokenSource();
        var first = dial.TakeAsync(isGone: false, giveUp.Token);
        var attempt = await AttemptAsync(1);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        var second = dial.TakeAsync(isGone: false, default);
        var connection = new DefaultConnectionContext();
        attempt.SetResult(connection);
        Assert.Same(connection, await second.WaitAsync(ample));
        Assert.Single(_attempts);
    }

    [Fact]
    public async Task One_that_is_gone_is_waited_for_once_and_then_not_at_all()
    {
        var patience = TimeSpan.FromMilliseconds(300);
        await using var dial = NewDial(patience: patience);
        var begun = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<IOException>(() => dial.TakeAsync(isGone: true, default).WaitAsync(ample));
        Assert.True(Stopwatch.GetElapsedTime(begun) >= patience - TimeSpan.FromMilliseconds(20));

        // The patience counts from the beginning of the attempt, and once that is over there is nothing to wait for: it does not yield at all.
        await Wait.UntilAsync(() => Stopwatch.GetElapsedTime(begun) > patience + TimeSpan.FromMilliseconds(50), "the patience to be over");
        var next = dial.TakeAsync(isGone: true, default);
        Assert.True(next.IsFaulted);
        await Assert.ThrowsAsync<IOException>(() => next);
        Assert.Single(_attempts);
    }

    [Fact]
    public async Task Who_was_gone_and_comes_back_is_found_by_the_attempt_that_waits()
    {
        await using var dial = NewDial(patience: TimeSpan.Zero);
        await Assert.ThrowsAsync<IOException>(() => dial.TakeAsync(isGone: true, default));
        var connection = new DefaultConnectionContext();
        (await AttemptAsync(1)).SetResult(connection);
        ConnectionContext? taken = null;
        await Wait.UntilAsync(() => TryTake(dial, out taken), "the connection");
        Assert.Same(connection, taken);
        Assert.Single(_attempts);
    }

    [Fact]
    public async Task A_connection_is_given_to_one_caller_alone()
    {
        await using var dial = NewDial();
        var (first, second) = (dial.TakeAsync(isGone: false, default), dial.TakeAsync(isGone: false, default));
        (await AttemptAsync(1)).SetResult(new DefaultConnectionContext());
        (await AttemptAsync(2)).SetResult(new DefaultConnectionContext());
        var taken = await Task.WhenAll(first, second).WaitAsync(ample);
        Assert.NotSame(taken[0], taken[1]);
    }

    [Fact]
    public async Task A_connection_that_the_other_end_closed_meanwhile_is_given_to_nobody()
    {
        await using var dial = NewDial(patience: TimeSpan.Zero);
        await Assert.ThrowsAsync<IOException>(() => dial.TakeAsync(isGone: true, default));
        var closed = new ClosableConnection { ConnectionClosed = new(canceled: true) };
        (await AttemptAsync(1)).SetResult(closed);
        var taking = dial.TakeAsync(isGone: false, default);
        var fresh = new DefaultConnectionContext();
        (await AttemptAsync(2)).SetResult(fresh);
        Assert.Same(fresh, await taking.WaitAsync(ample));
        Assert.True(closed.IsDisposed);
    }

    // Who closes each connection at once is asked once, not without end.
    [Fact]
    public async Task A_connection_that_is_closed_as_soon_as_it_is_made_is_the_callers_to_find_out()
    {
        await using var dial = NewDial();
        var taking = dial.TakeAsync(isGone: false, default);
        var closed = new DefaultConnectionContext { ConnectionClosed = new(canceled: true) };
        (await AttemptAsync(1)).SetResult(closed);
        Assert.Same(closed, await taking.WaitAsync(ample));
        Assert.Single(_attempts);
    }

    [Fact]
    public async Task A_connection_that_nobody_took_for_long_is_given_to_nobody()
    {
        var limit = TimeSpan.FromMilliseconds(200);
        var (old, fresh) = (new ClosableConnection(), new ClosableConnection());
        var (arrives, count) = (new TaskCompletionSource<ConnectionContext>(), 0);
        await using var dial = new Dial(_ => count++ == 0 ? arrives.Task : Task.FromResult<ConnectionContext>(fresh), limit, TimeSpan.Zero);
        var begun = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<IOException>(() => dial.TakeAsync(isGone: true, default));
        arrives.SetResult(old);
        await Wait.UntilAsync(() => Stopwatch.GetElapsedTime(begun) > 2.5 * limit, "the connection to be old");
        Assert.Same(fresh, await dial.TakeAsync(isGone: false, default).WaitAsync(ample));
        Assert.True(old.IsDisposed);
        Assert.False(fresh.IsDisposed);
    }

    [Fact]
    public async Task An_attempt_that_is_under_way_at_the_end_is_ended()
    {
        var dial = NewDial();
        var taking = dial.TakeAsync(isGone: false, default);
        await AttemptAsync(1);
        await dial.DisposeAsync().AsTask().WaitAsync(ample);
        await Assert.ThrowsAsync<IOException>(() => taking.WaitAsync(ample));
    }

    [Fact]
    public async Task An_attempt_that_fails_is_told_to_who_waits_and_the_next_begins_anew()
    {
        await using var dial = NewDial();
        var taking = dial.TakeAsync(isGone: false, default);
        (await AttemptAsync(1)).SetException(new IOException("refused"));
        Assert.Equal("refused", (await Assert.ThrowsAsync<IOException>(() => taking.WaitAsync(ample))).Message);
        var again = dial.TakeAsync(isGone: false, default);
        (await AttemptAsync(2)).SetResult(new DefaultConnectionContext());
        await again.WaitAsync(ample);
    }

    // The package takes a cancellation that it did not ask for as the end of an election.
    [Fact]
    public async Task An_attempt_without_an_end_is_given_up_as_a_failure_not_as_a_cancellation()
    {
        await using var dial = NewDial(limit: TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAsync<IOException>(() => dial.TakeAsync(isGone: false, default).WaitAsync(ample));
        var again = dial.TakeAsync(isGone: false, default);
        await AttemptAsync(2);
        await Assert.ThrowsAsync<IOException>(() => again.WaitAsync(ample));
    }

    [Fact]
    public async Task What_nobody_took_is_closed_at_the_end()
    {
        var (connection, arrives) = (new ClosableConnection(), new TaskCompletionSource<ConnectionContext>());
        var dial = new Dial(_ => arrives.Task, ample, TimeSpan.Zero);
        await Assert.ThrowsAsync<IOException>(() => dial.TakeAsync(isGone: true, default));
        arrives.SetResult(connection);
        await dial.DisposeAsync();
        Assert.True(connection.IsDisposed);
    }

    private Dial NewDial(TimeSpan? limit = null, TimeSpan? patience = null) => new(Connect, limit ?? ample, patience ?? ample);

    private Task<ConnectionContext> Connect(CancellationToken token)
    {
        var attempt = new TaskCompletionSource<ConnectionContext>(TaskCreationOptions.RunContinuationsAsynchronously);
        _attempts.Enqueue(attempt);
        return attempt.Task.WaitAsync(token);
    }

    private async Task<TaskCompletionSource<ConnectionContext>> AttemptAsync(int number)
    {
        await Wait.UntilAsync(() => _attempts.Count >= number, $"attempt {number}");
        return _attempts.ElementAt(number - 1);
    }

    private static bool TryTake(Dial dial, out ConnectionContext? taken)
    {
        var taking = dial.TakeAsync(isGone: true, default);
        taken = taking.IsCompletedSuccessfully ? taking.Result : null;
        return taken is not null;
    }

    private sealed class ClosableConnection : DefaultConnectionContext
    {
        public bool IsDisposed { get; private set; }

        public override ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return base.DisposeAsync();
        }
    }
}
