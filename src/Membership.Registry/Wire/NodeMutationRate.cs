using System.Threading.RateLimiting;

namespace Membership.Registry.Wire;

/// <summary>How many mutations each node may send: a bucket of tokens a node, filled steadily.</summary>
/// <remarks>
/// Asked once a node has proved itself: whoever merely claims to be a node takes nothing from it. Nodes that pause are forgotten.
/// Thread-safe.
/// </remarks>
internal sealed class NodeMutationRate : IDisposable
{
    private readonly PartitionedRateLimiter<NodeId> _limiter;

    /// <param name="perSecond">Mutations a second in the long run.</param>
    /// <param name="burst">Mutations at once after a pause.</param>
    public NodeMutationRate(int perSecond, int burst)
    {
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / perSecond),
        };
        _limiter = PartitionedRateLimiter.Create<NodeId, NodeId>(node => RateLimitPartition.GetTokenBucketLimiter(node, _ => bucket));
    }

    /// <summary>Counts one mutation of the node; false when it has sent too many.</summary>
    public bool TryTake(NodeId node)
    {
        using var lease = _limiter.AttemptAcquire(node);
        return lease.IsAcquired;
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();
}
