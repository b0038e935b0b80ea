namespace Membership.Client;

/// <summary>
/// Gives out request ids, and knows which of them are settled: below every request under way, and so many requests ago that nobody will
/// repeat it.
/// </summary>
/// <remarks>
/// Source: command specification, section 5. One session serves all identities of a client, because the replicas keep one for each actor:
/// a floor that holds for all of them holds for each. Thread-safe.
/// </remarks>
internal sealed class ClientSession(ulong client, int outcomesKept)
{
    /// <summary>From the oldest request under way to the newest: the replicas hold 1024 outcomes above the floor, and not one more.</summary>
    public const int WindowMax = 1000;

    /// <summary>The client's half of every id.</summary>
    public ulong Client => client;

    private readonly Lock _gate = new();
    private readonly SortedSet<ulong> _underWay = [];
    private ulong _last;
    private TaskCompletionSource? _moved;

    /// <summary>Begins a mutation; waits while the window is full.</summary>
    public async ValueTask<RequestStamp> BeginAsync(CancellationToken cancel)
    {
        while (true)
        {
            Task moved;
            lock (_gate)
            {
                if (_underWay.Count == 0 || _last + 1 - _underWay.Min < WindowMax) return Begin();
                moved = (_moved ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await moved.WaitAsync(cancel);
        }
    }

    /// <summary>Says that an answered mutation is asked about once more.</summary>
    public void Reopen(RequestId id)
    {
        lock (_gate) _underWay.Add(id.Sequence);
    }

    /// <summary>Says that a mutation is over: answered, or given up.</summary>
    public void End(RequestId id)
    {
        lock (_gate)
        {
            _underWay.Remove(id.Sequence);
            _moved?.SetResult();
            _moved = null;
        }
    }

    private RequestStamp Begin()
    {
        var sequence = ++_last;
        _underWay.Add(sequence);
        var below = Math.Min(_underWay.Min, sequence - Math.Min(sequence - 1, (ulong)outcomesKept)) - 1;
        return new(new(client, sequence), below > 0 ? below : null);
    }
}
