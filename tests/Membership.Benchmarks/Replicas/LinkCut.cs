using System.Collections.Concurrent;
using Membership.Replication.Transport;

namespace Membership.Benchmarks.Replicas;

/// <summary>Cuts the Raft links from this replica to others: nothing passes any more, and nobody is told.</summary>
internal sealed class LinkCut : ILinkFaults
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _cut = new(StringComparer.Ordinal);

    public void Cut(string to) => _cut.TryAdd(to, new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Everything passes again, what was held first.</summary>
    public void Mend()
    {
        foreach (var to in _cut.Keys)
        {
            if (_cut.TryRemove(to, out var held)) held.SetResult();
        }
    }

    public ValueTask PassAsync(string from, string to, CancellationToken token) =>
        _cut.TryGetValue(to, out var held) ? new(held.Task.WaitAsync(token)) : default;
}
