using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using DotNext.Net.Cluster.Consensus.Raft;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>
/// Stands between a cluster and its log and keeps the moment open in which the log knows a new term already and the cluster does not act
/// on it yet, because the term is being written to the disk.
/// </summary>
/// <remarks>
/// A proxy made at run time, because the interface has an internal member that no other assembly can implement. The generator is granted
/// access to the internals of an assembly once it has made a proxy of an internal interface there.
/// </remarks>
[SuppressMessage("Performance", "CA1852", Justification = "The proxy is a class derived from this one.")]
internal class TermHold : DispatchProxy
{
    private IPersistentState log = null!;
    private volatile TaskCompletionSource? hold;
    private readonly TaskCompletionSource<long> held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the new term when the cluster waits for it to be written.</summary>
    public Task<long> Held => held.Task;

    public static IPersistentState Between(IPersistentState log, out TermHold hold)
    {
        Create(typeof(IPersistentState).Assembly.GetTypes().First(type => type.IsInterface && type.IsNotPublic), typeof(TermHold));
        var proxy = Create<IPersistentState, TermHold>();
        hold = (TermHold)(object)proxy;
        hold.log = log;
        return proxy;
    }

    public void HoldNext() => hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => hold?.TrySetResult();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var result = targetMethod!.Invoke(log, BindingFlags.DoNotWrapExceptions, null, args, null);
        return targetMethod.Name == nameof(IPersistentState.UpdateTermAsync) && hold is { } current
            ? new ValueTask(HoldAsync((ValueTask)result!, current.Task))
            : result;
    }

    private async Task HoldAsync(ValueTask written, Task released)
    {
        await written;
        held.TrySetResult(log.Term);
        await released.WaitAsync(Logs.Soon);
    }
}
