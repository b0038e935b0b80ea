using System.Net;
using System.Threading.RateLimiting;

namespace Membership.Registry.Wire;

/// <summary>How many mutations each node may send: a bucket of tokens a node, filled steadily; and one for each source of what may be copies.</summary>
/// <remarks>
/// Asked once a node has proved itself: whoever merely claims to be a node takes nothing from it. Who pauses is forgotten.
/// Thread-safe.
/// </remarks>
internal sealed class NodeMutationRate : IDisposable
{
    private readonly PartitionedRateLimiter<Payer> _limiter;

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
        _limiter = PartitionedRateLimiter.Create<Payer, Payer>(payer => RateLimitPartition.GetTokenBucketLimiter(payer, _ => bucket));
    }

    /// <summary>Counts one mutation; false when there were too many.</summary>
    /// <param name="node">The node; nobody for what is counted by its source alone.</param>
    /// <param name="source">Where it comes from, when that counts for itself; null for the node wherever it is.</param>
    public bool TryTake(NodeId node, IPAddress? source = null)
    {
        using var lease = _limiter.AttemptAcquire(new(node, source is null ? null : SourceLimits.NetworkOf(source)));
        return lease.IsAcquired;
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();

    private readonly record struct Payer(NodeId Node, IPAddress? Source);
}
