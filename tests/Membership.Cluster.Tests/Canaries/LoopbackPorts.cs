using System.Net;
using System.Net.Sockets;

namespace Membership.Cluster.Tests.Canaries;

/// <summary>Free ports of the loopback interface.</summary>
internal static class LoopbackPorts
{
    /// <summary>Reserves all of them at once, so that they differ, and lets them go.</summary>
    public static IPEndPoint[] Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            return [.. listeners.Select(Bind)];
        }
        finally
        {
            foreach (var listener in listeners)
                listener.Dispose();
        }

        static IPEndPoint Bind(TcpListener listener)
        {
            listener.Start();
            return (IPEndPoint)listener.LocalEndpoint;
        }
    }
}
