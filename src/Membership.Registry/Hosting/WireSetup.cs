using System.Net;
using Membership.Registry.Wire;

namespace Membership.Registry.Hosting;

/// <summary>The endpoint of a host, which sets it bit by bit until it starts.</summary>
internal sealed class WireSetup
{
    /// <summary>Where clients are served, and their limits.</summary>
    public WireOptions Wire { get; set; } = new() { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) };
}
