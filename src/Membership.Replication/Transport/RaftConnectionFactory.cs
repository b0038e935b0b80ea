using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Membership.Replication.Peers;
using Membership.Replication.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Transport;

/// <summary>Makes the Raft package's connections: each has the expected replica at the other end.</summary>
/// <param name="handshake">Makes sure of the other end.</param>
/// <param name="isGone">Whether the last request to an address failed.</param>
/// <param name="requestTimeout">How long the package waits for a connection and an answer together.</param>
/// <param name="loggers">For addresses where another one listens.</param>
internal sealed class RaftConnectionFactory(RaftHandshake handshake, Func<EndPoint, bool> isGone, TimeSpan requestTimeout, ILoggerFactory loggers)
    : IConnectionFactory, IAsyncDisposable
{
    // Of the request timeout: a handshake, with TLS four times there and back, has room in it where the timeout is chosen with some to spare.
    private const int PatiencePart = 3;

    private readonly ILogger _logger = loggers.CreateLogger<RaftConnectionFactory>();
    private readonly SocketConnectionContextFactory _connections = new(new(), loggers.CreateLogger<RaftConnectionFactory>());
    private readonly ConcurrentDictionary<EndPoint, Dial> _dials = [];
    private volatile bool _isDisposed;

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);

        // No longer than a request, so that on a line that loses packets each election sends one of its own, not the system's late repetition.
        var dial = _dials.GetOrAdd(endpoint, to => new(token => DialAsync(to, token), limit: requestTimeout, patience: requestTimeout / PatiencePart));
        return await dial.TakeAsync(isGone(endpoint), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        foreach (var dial in _dials.Values) await dial.DisposeAsync();
        _connections.Dispose();
    }

    private async Task<ConnectionContext> DialAsync(EndPoint to, CancellationToken token)
    {
        var connection = _connections.Create(await OpenAsync(to, token));
        try
        {
            return await handshake.ConnectAsync(connection, to, token);
        }
        catch (Exception e)
        {
            if (e is PreambleException) _logger.NotTheReplica(to, e.Message);
            connection.Abort();
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<Socket> OpenAsync(EndPoint to, CancellationToken token)
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
