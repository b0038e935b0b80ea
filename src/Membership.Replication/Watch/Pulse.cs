namespace Membership.Replication.Watch;

/// <summary>Wakes all who wait for the next event, once. The one who gives it does not pay for their number: the thread pool does.</summary>
internal sealed class Pulse : IThreadPoolWorkItem
{
    // Each goes on by itself: a consumer that blocks holds up nobody else.
    private readonly TaskCompletionSource _given = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Given => _given.Task;

    public void Execute() => _given.TrySetResult();
}
