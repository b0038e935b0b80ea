using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Transport;

/// <summary>Connects to other replicas. What the Raft package gets from it has a known replica at the other end.</summary>
internal sealed class LinkConnector(LinkHandshake handshake, ILoggerFactory loggers) : IConnectionFactory, IDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger<LinkConnector>();
    private readonly SocketConnectionContextFactory _connections = new(new(), loggers.CreateLogger<LinkConnector>());

    /// <summary>Connects for Raft.</summary>
    async ValueTask<ConnectionContext> IConnectionFactory.ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken) =>
        (await ConnectAsync(endpoint, LinkPurpose.Raft, cancellationToken)).Connection;

    /// <summary>Connects to a replica.</summary>
    /// <exception cref="LinkRefusedException">It is of another cluster, or would not have us.</exception>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    /// <exception cref="OperationCanceledException">It took longer than <see cref="LinkHandshake.Limit"/>, or the token was cancelled.</exception>
    public async ValueTask<Link> ConnectAsync(EndPoint to, LinkPurpose purpose, CancellationToken token)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(LinkHandshake.Limit);
        var connection = _connections.Create(await DialAsync(to, limit.Token));
        try
        {
            return await handshake.ConnectAsync(connection, to, purpose, limit.Token);
        }
        catch (Exception e)
        {
            if (e is LinkRefusedException) _logger.LogWarning("{Reason}", e.Message);
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
