using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Membership.Replication.Transport;

/// <summary>
/// The replica's one port. Accepts connections, finds out beside the accept loop who and what for, and hands them on: Raft's to the
/// package, the others to the peer service.
/// </summary>
internal sealed class LinkListener : IConnectionListenerFactory, IAsyncDisposable
{
    // So many may be without a name at one time; a flood of silent connections cannot grow further.
    private const int UnknownMax = 64;

    private readonly LinkHandshake _handshake;
    private readonly Action<Link> _servePeer;
    private readonly ILogger _logger;
    private readonly IConnectionListener _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _unknown = new(UnknownMax);
    private readonly Task _accepting;
    private volatile RaftListener? _raft;

    private LinkListener(LinkHandshake handshake, Action<Link> servePeer, ILogger logger, IConnectionListener socket)
    {
        _handshake = handshake;
        _servePeer = servePeer;
        _logger = logger;
        _socket = socket;
        _accepting = AcceptAllAsync();
    }

    /// <summary>Where it listens.</summary>
    public EndPoint EndPoint => _socket.EndPoint;

    /// <summary>Starts to listen.</summary>
    /// <param name="endPoint">Where.</param>
    /// <param name="handshake">Finds out who connects.</param>
    /// <param name="servePeer">Takes over the connections of the peer channel; must not block.</param>
    /// <param name="loggers">For what is refused.</param>
    /// <param name="token">Cancels the binding.</param>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<LinkListener> StartAsync(
        IPEndPoint endPoint, LinkHandshake handshake, Action<Link> servePeer, ILoggerFactory loggers, CancellationToken token)
    {
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        var socket = await sockets.BindAsync(endPoint, token);
        return new(handshake, servePeer, loggers.CreateLogger<LinkListener>(), socket);
    }

    /// <summary>Where the Raft package takes its connections; before this is called they are refused.</summary>
    ValueTask<IConnectionListener> IConnectionListenerFactory.BindAsync(EndPoint endpoint, CancellationToken cancellationToken) =>
        new(_raft = new RaftListener(this));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _socket.UnbindAsync();
        await _accepting;
        await _socket.DisposeAsync();
        _stop.Dispose();
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true)
            {
                await _unknown.WaitAsync(_stop.Token);
                if (await _socket.AcceptAsync(_stop.Token) is not { } connection) return;
                _ = WelcomeAsync(connection);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task WelcomeAsync(ConnectionContext connection)
    {
        // Off the accept loop before the first read.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(LinkHandshake.Limit);
            Serve(await _handshake.AcceptAsync(connection, IsServed, limit.Token));
        }
        catch (Exception e)
        {
            if (!_stop.IsCancellationRequested)
                _logger.LogWarning("A connection from {RemoteEndPoint} was refused: {Reason}", connection.RemoteEndPoint, e.Message);
            connection.Abort();
            await connection.DisposeAsync();
        }
        finally
        {
            _unknown.Release();
        }
    }

    private bool IsServed(LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.Raft => _raft is not null,
        LinkPurpose.Peer => true,
        _ => false,
    };

    private void Serve(Link link)
    {
        if (link.Purpose == LinkPurpose.Peer) _servePeer(link);
        else if (_raft?.TryTake(link.Connection) != true) throw new LinkRefusedException("The replica takes no part in Raft any more.");
    }

    /// <summary>What the package sees. It never throws out of an accept, which would end the package's accept loop without a word.</summary>
    private sealed class RaftListener(LinkListener owner) : IConnectionListener
    {
        private readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>();

        public EndPoint EndPoint => owner.EndPoint;

        public bool TryTake(ConnectionContext connection) => _connections.Writer.TryWrite(connection);

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await _connections.Reader.WaitToReadAsync(cancellationToken))
            {
                if (_connections.Reader.TryRead(out var connection)) return connection;
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            owner._raft = null;
            _connections.Writer.TryComplete();
            return default;
        }

        public async ValueTask DisposeAsync()
        {
            await UnbindAsync();
            while (_connections.Reader.TryRead(out var connection)) await connection.DisposeAsync();
        }
    }
}
