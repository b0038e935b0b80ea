namespace Membership.Replication.Proposals;

/// <summary>The pause before a new attempt, shared by all that wait for one: the pauses of thousands of callers in an election are one timer.</summary>
internal sealed class RetryPulse
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private readonly Lock _sync = new();
    private Task _next = Task.CompletedTask;

    /// <summary>Returns at the next pulse.</summary>
    public Task WaitAsync(CancellationToken token)
    {
        lock (_sync)
        {
            if (_next.IsCompleted) _next = Task.Delay(Pause, CancellationToken.None);
            return _next.WaitAsync(token);
        }
    }
}
