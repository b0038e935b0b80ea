using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Membership.Registry.Wire;

/// <summary>What one source address may take of the endpoint. Of an IPv6 address the first 64 bits count: a host has all that follow.</summary>
/// <remarks>Thread-safe. Addresses without connections, and without failures lately, are forgotten. An address that is not known has no limit.</remarks>
internal sealed class SourceLimits : IDisposable
{
    private const int NetworkBytes = 8;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _sync = new();
    private readonly Dictionary<IPAddress, SourceUse> _connected = [];
    private readonly PartitionedRateLimiter<IPAddress> _failures;
    private readonly int _connectionsMax;

    /// <param name="options">How much.</param>
    public SourceLimits(WireOptions options)
    {
        _connectionsMax = options.ConnectionsPerSourceMax;
        RequestsMax = options.InFlightPerSourceMax;
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.FailedCredentialsPerMinute,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = Minute / options.FailedCredentialsPerMinute,
        };
        _failures = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
            address => RateLimitPartition.GetTokenBucketLimiter(NetworkOf(address), _ => bucket));
    }

    /// <summary>Requests of one source at a time.</summary>
    public int RequestsMax { get; }

    /// <summary>Takes room for a connection; false when there is none.</summary>
    /// <param name="address">The other end.</param>
    /// <param name="taken">To be disposed when the connection is over; null without an address.</param>
    public bool TryConnect(IPAddress? address, out SourcePlace? taken)
    {
        taken = null;
        if (address is null) return true;
        var source = NetworkOf(address);
        lock (_sync)
        {
            var use = _connected.TryGetValue(source, out var present) ? present : new SourceUse(source);
            if (use.Connections >= _connectionsMax) return false;
            use.Connections++;
            _connected[source] = use;
            taken = new(this, use);
            return true;
        }
    }

    /// <summary>A connection is over. A source without any is forgotten, once its last requests have ended with their connection.</summary>
    internal void Leave(SourceUse use)
    {
        lock (_sync)
        {
            if (--use.Connections == 0) _connected.Remove(use.Source);
        }
    }

    /// <summary>Whether one more credential of this source is looked at: false when too many have failed lately.</summary>
    public bool MayTry(IPAddress? address)
    {
        // The bucket fills by fractions, and to ask it for nothing would take any fraction for enough.
        return address is null || _failures.GetStatistics(address) is not { CurrentAvailablePermits: < 1 };
    }

    /// <summary>A credential of this source did not hold.</summary>
    public void CountFailure(IPAddress? address)
    {
        if (address is not null) _failures.AttemptAcquire(address).Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _failures.Dispose();

    /// <summary>What counts as one source: an address, or the IPv6 network of 64 bits that it is in.</summary>
    internal static IPAddress NetworkOf(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new(bytes);
    }
}
