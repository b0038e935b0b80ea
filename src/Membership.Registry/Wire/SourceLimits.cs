using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Membership.Registry.Wire;

/// <summary>What one source address may take of the endpoint. Of an IPv6 address the first 64 bits count: a host has all that follow.</summary>
/// <remarks>Thread-safe. Addresses that pause are forgotten. An address that is not known has no limit.</remarks>
internal sealed class SourceLimits : IDisposable
{
    private const int NetworkBytes = 8;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<IPAddress> _connections;
    private readonly PartitionedRateLimiter<IPAddress> _requests;
    private readonly PartitionedRateLimiter<IPAddress> _failures;

    /// <param name="options">How much.</param>
    public SourceLimits(WireOptions options)
    {
        _connections = AtOnce(options.ConnectionsPerSourceMax);
        _requests = AtOnce(options.InFlightPerSourceMax);
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.FailedCredentialsPerMinute,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = Minute / options.FailedCredentialsPerMinute,
        };
        _failures = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
            address => RateLimitPartition.GetTokenBucketLimiter(NetworkOf(address), _ => bucket));
    }

    /// <summary>Takes room for a connection; false when there is none.</summary>
    /// <param name="address">The other end.</param>
    /// <param name="taken">To be disposed when the connection is over; null without an address.</param>
    public bool TryConnect(IPAddress? address, out RateLimitLease? taken) => TryTake(_connections, address, out taken);

    /// <summary>Takes room for a request; false when there is none.</summary>
    /// <param name="address">The other end.</param>
    /// <param name="taken">To be disposed when its answer is sent; null without an address.</param>
    public bool TryBegin(IPAddress? address, out RateLimitLease? taken) => TryTake(_requests, address, out taken);

    /// <summary>Whether one more credential of this source is looked at: false when too many have failed lately.</summary>
    public bool MayTry(IPAddress? address)
    {
        if (address is null) return true;
        using var lease = _failures.AttemptAcquire(address, permitCount: 0);
        return lease.IsAcquired;
    }

    /// <summary>A credential of this source did not hold.</summary>
    public void CountFailure(IPAddress? address)
    {
        if (address is not null) _failures.AttemptAcquire(address).Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connections.Dispose();
        _requests.Dispose();
        _failures.Dispose();
    }

    private static PartitionedRateLimiter<IPAddress> AtOnce(int max)
    {
        var options = new ConcurrencyLimiterOptions { PermitLimit = max };
        return PartitionedRateLimiter.Create<IPAddress, IPAddress>(
            address => RateLimitPartition.GetConcurrencyLimiter(NetworkOf(address), _ => options));
    }

    private static bool TryTake(PartitionedRateLimiter<IPAddress> limiter, IPAddress? address, out RateLimitLease? taken)
    {
        taken = address is null ? null : limiter.AttemptAcquire(address);
        if (taken is not { IsAcquired: false } refused) return true;
        refused.Dispose();
        taken = null;
        return false;
    }

    /// <summary>What counts as one source: an address, or the IPv6 network of 64 bits that it is in.</summary>
    internal static IPAddress NetworkOf(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new(bytes);
    }
}
