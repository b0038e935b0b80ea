namespace Membership.Replication.Proposals;

/// <summary>
/// Answers on their way to callers in this process, each a work item of the pool. Once all have begun, who was answered together can have asked
/// again together: whoever waits for that before it takes what comes next serves them all together, where they would fall into two halves that
/// take turns.
/// </summary>
/// <remarks>
/// One thread adds and closes; any thread may say that a turn began. The items go into the pool's common queue, not into that of the thread which
/// answers, where the last would be the first. A caller that works long in its turn keeps those behind it from theirs: hence a limit.
/// </remarks>
internal sealed class Delivery
{
    // What a timer can tell apart.
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(1);

    // So that callers that keep the pool busy cost the others little even where entries take long, on a slow disk.
    private static readonly TimeSpan WaitMax = TimeSpan.FromMilliseconds(20);

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One more than are on their way, until it is closed.
    private int _left = 1;

    /// <summary>One more is on its way. Before it is.</summary>
    public void Add() => Interlocked.Increment(ref _left);

    /// <summary>The turn of one has begun.</summary>
    public void TurnBegan()
    {
        if (Interlocked.Decrement(ref _left) == 0) _begun.SetResult();
    }

    /// <summary>No more are added.</summary>
    public void Close() => TurnBegan();

    /// <summary>How long to wait at most for the turns of those whose entry or round took so long: as long again, within 1 to 20 ms.</summary>
    public static TimeSpan LimitOf(TimeSpan taken) => taken < WaitMin ? WaitMin : taken < WaitMax ? taken : WaitMax;

    /// <summary>Returns when the turns of all have begun.</summary>
    /// <param name="limit">Ends the waiting, too.</param>
    /// <param name="token">And so does this; neither throws.</param>
    public async Task WaitAsync(TimeSpan limit, CancellationToken token)
    {
        if (!_begun.Task.IsCompleted) await _begun.Task.WaitAsync(limit, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
