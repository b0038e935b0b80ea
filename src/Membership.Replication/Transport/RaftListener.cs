using System.Net;
using System.Threading.Channels;
using Membership.Replication.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Membership.Replication.Transport;

/// <summary>
/// Accepts connections, and finds out beside the accept loop who they are from. It never throws out of an accept: that would end the
/// package's accept loop without a word.
/// </summary>
internal sealed class RaftListener : IConnectionListener
{
    // So many may be without a name at one time; a flood of silent connections cannot grow further.
    private const int UnknownMax = 64;

    private readonly IConnectionListener _socket;
    private readonly RaftHandshake _handshake;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _unknown = new(UnknownMax);
    private readonly Channel<ConnectionContext> _known = Channel.CreateUnbounded<ConnectionContext>();
    private readonly Task _accepting;

    /// <param name="socket">Listens already.</param>
    /// <param name="handshake">Finds out who connects.</param>
    /// <param name="logger">For what is refused.</param>
    public RaftListener(IConnectionListener socket, RaftHandshake handshake, ILogger logger)
    {
        _socket = socket;
        _handshake = handshake;
        _logger = logger;
        _accepting = AcceptAllAsync();
    }

    /// <inheritdoc/>
    public EndPoint EndPoint => _socket.EndPoint;

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _known.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_known.Reader.TryRead(out var connection)) return connection;
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _stop.CancelAsync();
        _known.Writer.TryComplete();
        await _socket.UnbindAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        await _accepting;
        while (_known.Reader.TryRead(out var connection)) await connection.DisposeAsync();
        await _socket.DisposeAsync();
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
            // Unbound.
        }
    }

    private async Task WelcomeAsync(ConnectionContext connection)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var known = await _handshake.AcceptAsync(connection, _stop.Token);
            if (!_known.Writer.TryWrite(known)) await known.DisposeAsync();
        }
        catch (Exception e)
        {
            if (!_stop.IsCancellationRequested)
                _logger.RaftConnectionRefused(connection.RemoteEndPoint, e.Message);
            // Not aborted: it is to read who we are, and so learn why.
            await connection.DisposeAsync();
        }
        finally
        {
            _unknown.Release();
        }
    }
}
