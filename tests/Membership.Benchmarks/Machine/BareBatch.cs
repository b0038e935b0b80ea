namespace Membership.Benchmarks.Machine;

/// <summary>The commands of one entry of the bare package, and who waits for them.</summary>
internal sealed class BareBatch
{
    private readonly List<TaskCompletionSource> _waiting = [];

    public int Count => _waiting.Count;

    public void Add(TaskCompletionSource waiting) => _waiting.Add(waiting);

    public void Complete()
    {
        foreach (var waiting in _waiting) waiting.TrySetResult();
    }
}
