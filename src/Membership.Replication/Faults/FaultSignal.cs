using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Faults;

/// <summary>The first fault of a replica, which is its last word. Thread-safe.</summary>
internal sealed class FaultSignal(ILogger logger)
{
    private readonly TaskCompletionSource<ReplicaFault> _raised = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the replica has to stop.</summary>
    public Task<ReplicaFault> Raised => _raised.Task;

    /// <summary>The fault; null while there is none.</summary>
    public ReplicaFault? Current => _raised.Task.IsCompletedSuccessfully ? _raised.Task.Result : null;

    /// <summary>Says that the replica cannot go on.</summary>
    public void Raise(ReplicaFault fault)
    {
        if (_raised.TrySetResult(fault)) logger.Stops(fault.Exception, fault.Code, fault.Message);
    }

    /// <summary>Runs a part that must not fail: what it throws is a fault.</summary>
    public async Task GuardAsync(Func<Task> part, CancellationToken stop)
    {
        try
        {
            await part();
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Stopped, and with it the parts that this one uses.
        }
        catch (Exception e)
        {
            Raise(new(ReplicaFaultKind.Internal, e.Message, e));
        }
    }
}
