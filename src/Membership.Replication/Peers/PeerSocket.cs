using System.Net.Sockets;

namespace Membership.Replication.Peers;

/// <summary>How sockets between replicas are set.</summary>
internal static class PeerSocket
{
    // A peer that vanished without a word is noticed after 5 s of silence and three probes.
    private const int KeepAliveSeconds = 5;
    private const int KeepAliveIntervalSeconds = 2;
    private const int KeepAliveProbes = 3;

    /// <summary>Sends at once, and probes a silent peer.</summary>
    public static void Prepare(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
    }
}
