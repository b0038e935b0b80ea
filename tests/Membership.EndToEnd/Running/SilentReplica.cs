using System.Net;
using System.Net.Sockets;

namespace Membership.EndToEnd.Running;

/// <summary>Takes connections and requests, and never answers.</summary>
internal sealed class SilentReplica : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];
    private readonly TaskCompletionSource _asked = new();
    private Task _accepting = Task.CompletedTask;

    public EndPoint EndPoint => _listener.LocalEndpoint;

    /// <summary>Done when the first request has come.</summary>
    public Task Asked => _asked.Task;

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
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _clients.Add(client);
                if (await client.GetStream().ReadAsync(new byte[1]) > 0) _asked.TrySetResult();
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // Stopped.
        }
    }
}
