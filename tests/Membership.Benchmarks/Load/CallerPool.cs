namespace Membership.Benchmarks.Load;

/// <summary>The clients of a process. They live from run to run, as each remembers where its node is a member.</summary>
internal sealed class CallerPool
{
    private readonly List<MembershipCaller> _callers = [];

    /// <summary>Carries out a run.</summary>
    /// <param name="order">The run.</param>
    /// <param name="targetOf">Who carries out the operations of a client, by its place.</param>
    public Task<LoadResult> RunAsync(LoadOrder order, Func<int, IMembershipTarget> targetOf)
    {
        while (_callers.Count < order.Clients) _callers.Add(new(new(order.FirstNode + (uint)_callers.Count), order.Networks));
        var clients = new List<Func<ValueTask<string?>>>();
        for (var i = 0; i < order.Clients; i++)
        {
            var (caller, target) = (_callers[i], targetOf(i));
            clients.Add(() => caller.NextAsync(target, order.Operation));
        }

        return ClosedLoop.RunAsync(clients, TimeSpan.FromSeconds(order.Seconds));
    }
}
