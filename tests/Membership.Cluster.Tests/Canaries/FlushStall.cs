namespace Membership.Cluster.Tests.Canaries;

/// <summary>
/// Makes the disk under a log slow or dead: holds whoever writes, before it does. The package's flusher is known by the context that it
/// took along from the construction of its log.
/// </summary>
internal sealed class FlushStall
{
    private static readonly TimeSpan limit = TimeSpan.FromSeconds(30);
    private static readonly AsyncLocal<bool> insideLog = new();
    private volatile TaskCompletionSource? stall;
    private volatile TaskCompletionSource holding = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the flusher stands still.</summary>
    public Task Holding => holding.Task;

    /// <summary>Constructs a log whose flusher can be held.</summary>
    public static TLog Construct<TLog>(Func<TLog> constructor)
    {
        insideLog.Value = true;
        try
        {
            return constructor();
        }
        finally
        {
            insideLog.Value = false;
        }
    }

    public void Hold()
    {
        holding = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stall = new TaskCompletionSource();
    }

    public void Release()
    {
        stall?.TrySetResult();
        stall = null;
    }

    /// <summary>Holds the package's flusher, when it is that which calls.</summary>
    public void HoldFlusher()
    {
        if (insideLog.Value)
            HoldWriter();
    }

    /// <summary>Holds whoever is about to write.</summary>
    public void HoldWriter()
    {
        if (stall is not { } current)
            return;
        holding.TrySetResult();
        current.Task.Wait(limit);
    }
}
