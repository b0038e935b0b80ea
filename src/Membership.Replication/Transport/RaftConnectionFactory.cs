using System.Net;
using System.Net.Sockets;
using Membership.Replication.Peers;
using Membership.Replication.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Transport;

/// <summary>Makes the Raft package's connections: each has the expected replica at the other end.</summary>
internal sealed class RaftConnectionFactory(RaftHandshake handshake, ILoggerFactory loggers) : IConnectionFactory, IDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<RaftConnectionFactory>();
    private readonly SocketConnectionContextFactory _connections = new(new(), loggers.CreateLogger<RaftConnectionFactory>());

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var connection = _connections.Create(await DialAsync(endpoint, cancellationToken));
        try
        {
            return await handshake.ConnectAsync(connection, endpoint, cancellationToken);
        }
        catch (Exception e)
        {
            if (e is PreambleException) _logger.NotTheReplica(endpoint, e.Message);
            connection.Abort();
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connections.Dispose();

    private static async ValueTask<Socket> DialAsync(EndPoint to, CancellationToken token)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
