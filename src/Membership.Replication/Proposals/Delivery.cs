namespace Membership.Replication.Proposals;

/// <summary>
/// Answers on their way to callers in this process, each a work item of the pool. Once all have begun, who was answered together can have asked
/// again together: whoever waits for that before it takes what comes next serves them at once, where they would fall into two halves that take
/// turns.
/// </summary>
/// <remarks>
/// One thread adds and closes, any begin. The items go into the pool's common queue, which is in order. A caller that works long in its turn
/// keeps those behind it from theirs, so nobody waits for the last one longer than it may.
/// </remarks>
internal sealed class Delivery
{
    // A timer's step; and no more than is lost when what was shared took long for reasons of its own.
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan WaitMax = TimeSpan.FromMilliseconds(20);

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One more than are on their way, until it is closed.
    private int _left = 1;

    /// <summary>One more is on its way. Before it is.</summary>
    public void Add() => Interlocked.Increment(ref _left);

    /// <summary>One has begun.</summary>
    public void Begin()
    {
        if (Interlocked.Decrement(ref _left) == 0) _begun.SetResult();
    }

    /// <summary>No more are added.</summary>
    public void Close() => Begin();

    /// <summary>Returns when all have begun, or when they have taken as long as what they were answered for, within 1 to 20 ms.</summary>
    /// <param name="taken">How long that took.</param>
    /// <param name="token">Ends the waiting; it does not throw.</param>
    public async Task WaitAsync(TimeSpan taken, CancellationToken token)
    {
        if (_begun.Task.IsCompleted) return;
        var limit = taken < WaitMin ? WaitMin : taken < WaitMax ? taken : WaitMax;
        await _begun.Task.WaitAsync(limit, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
