namespace Membership.Replication.Proposals;

/// <summary>
/// Answers on their way to callers in this process, each a work item of the pool. Once all have begun, who was answered together can have asked
/// again together: whoever waits for that before it takes what comes next serves them all at once, where they would fall into two halves that
/// take turns.
/// </summary>
/// <remarks>
/// One thread adds and closes, any begin. The items go into the pool's common queue, which is in order: the end is no later than an item's turn
/// would be that was put there behind them, whatever the callers do then.
/// </remarks>
internal sealed class Delivery
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One more than are on their way, until it is closed.
    private int _left = 1;

    /// <summary>Ends when all have begun.</summary>
    public Task Begun => _begun.Task;

    /// <summary>One more is on its way. Before it is.</summary>
    public void Add() => Interlocked.Increment(ref _left);

    /// <summary>One has begun.</summary>
    public void Begin()
    {
        if (Interlocked.Decrement(ref _left) == 0) _begun.SetResult();
    }

    /// <summary>No more are added.</summary>
    public void Close() => Begin();
}
