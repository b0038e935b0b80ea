namespace Membership.Replication.Reads;

/// <summary>
/// One call for all who wait for it. Whoever comes while a call is under way waits for the next one: the answer of a call that had begun
/// before says nothing about what happened since.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class CoalescedCall<T>(Func<CancellationToken, Task<T>> call, TimeSpan limit)
{
    private readonly Lock _sync = new();
    private Task<T>? _running;
    private Task<T>? _next;

    /// <summary>The answer of a call that began after this one.</summary>
    /// <param name="token">Gives up the waiting, not the call.</param>
    public Task<T> CallAsync(CancellationToken token)
    {
        lock (_sync)
        {
            if (_running is null) return (_running = RunAsync()).WaitAsync(token);
            return (_next ??= FollowAsync(_running)).WaitAsync(token);
        }
    }

    private async Task<T> FollowAsync(Task<T> before)
    {
        await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        return await RunAsync();
    }

    private async Task<T> RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var end = new CancellationTokenSource(limit);
        try
        {
            return await call(end.Token);
        }
        finally
        {
            lock (_sync)
            {
                _running = _next;
                _next = null;
            }
        }
    }
}
