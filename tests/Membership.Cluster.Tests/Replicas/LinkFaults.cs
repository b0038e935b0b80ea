using System.Collections.Concurrent;
using Membership.Replication.Transport;

namespace Membership.Cluster.Tests.Replicas;

/// <summary>Cuts and mends the links between replicas, each direction by itself.</summary>
internal sealed class LinkFaults : ILinkFaults
{
    private readonly ConcurrentDictionary<(string From, string To), TaskCompletionSource> _cut = [];

    /// <summary>Nothing passes in this direction any more; nobody is told.</summary>
    public void Cut(string from, string to) =>
        _cut.TryAdd((from, to), new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Cuts one replica off from the others, both ways.</summary>
    public void Isolate(string replica, IEnumerable<string> others)
    {
        foreach (var other in others.Where(other => other != replica))
        {
            Cut(replica, other);
            Cut(other, replica);
        }
    }

    /// <summary>Everything passes again, what was held first.</summary>
    public void Mend()
    {
        foreach (var link in _cut.Keys)
        {
            if (_cut.TryRemove(link, out var cut)) cut.SetResult();
        }
    }

    public ValueTask PassAsync(string from, string to, CancellationToken token) =>
        _cut.TryGetValue((from, to), out var cut) ? new(cut.Task.WaitAsync(token)) : default;
}
