using System.Net;
using System.Net.Sockets;

namespace Membership.EndToEnd.Running;

/// <summary>Takes connections and requests, and never answers.</summary>
internal sealed class SilentReplica : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];
    private Task _accepting = Task.CompletedTask;

    public EndPoint EndPoint => _listener.LocalEndpoint;

    public static SilentReplica Start()
    {
        var replica = new SilentReplica();
        replica._listener.Start();
        replica._accepting = replica.AcceptAsync();
        return replica;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        _clients.ForEach(client => client.Dispose());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _clients.Add(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }
}
