using Membership.Replication.Log;

namespace Membership.Replication.Faults;

/// <summary>Notices a log that has failed, or a disk that does not answer: a replica that cannot write must not keep its place.</summary>
internal sealed class DiskWatch(DurableLog log, MembershipReplicaOptions options, FaultSignal fault, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private readonly TimeSpan _flushMax = 2 * TimeSpan.FromMilliseconds(options.ElectionTimeoutMaxMs);

    /// <summary>Runs until the token is cancelled or there is a fault.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(WatchLogAsync(stop), WatchFlushAsync(stop));

    private async Task WatchLogAsync(CancellationToken stop)
    {
        try
        {
            await log.WaitForFailureAsync(stop);
        }
        catch (LogFailedException e)
        {
            var cause = e.InnerException ?? e;
            fault.Raise(new(DiskFull.KindOf(cause, ReplicaFaultKind.LogFailed), $"The log has failed: {cause.Message}", cause));
        }
    }

    private async Task WatchFlushAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            var pending = log.PendingFlush;
            if (pending <= _flushMax) continue;
            fault.Raise(new(ReplicaFaultKind.DiskSlow, $"A write has been on its way to the disk for {pending.TotalSeconds:0.0} s."));
            return;
        }
    }
}
