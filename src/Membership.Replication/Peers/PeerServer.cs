using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Membership.Replication.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StreamJsonRpc;

namespace Membership.Replication.Peers;

/// <summary>
/// Listens for peers and answers them from an <see cref="IPeerService"/>. Whatever comes in on its port, it costs the connection and
/// one line in the log.
/// </summary>
/// <remarks>Thread-safe. Call <see cref="Start"/> once.</remarks>
internal sealed class PeerServer : IAsyncDisposable
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly PeerIdentity _self;
    private readonly IPeerService _service;
    private readonly ReplicaTls? _tls;
    private readonly PeerOptions _options;
    private readonly ILogger _logger;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, Task> _connections = [];
    private Task _accepting = Task.CompletedTask;

    /// <summary>Binds the port, so that <see cref="EndPoint"/> is known, and does not listen yet.</summary>
    /// <param name="endPoint">Where to listen; port 0 for any free one.</param>
    /// <param name="self">Who answers.</param>
    /// <param name="service">What answers.</param>
    /// <param name="tls">Null for none.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="logger">Null for none.</param>
    /// <exception cref="SocketException">The port is taken or not this machine's.</exception>
    public PeerServer(
        IPEndPoint endPoint,
        PeerIdentity self,
        IPeerService service,
        ReplicaTls? tls = null,
        PeerOptions? options = null,
        ILogger? logger = null)
    {
        _self = self;
        _service = service;
        _tls = tls;
        _options = options ?? new();
        _logger = logger ?? NullLogger.Instance;
        _listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(endPoint);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Connections at this moment, those in their handshake included.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="SocketException">Another socket listens at the port.</exception>
    public void Start()
    {
        _listener.Listen();
        _accepting = AcceptAllAsync();
    }

    /// <summary>Stops listening, ends every connection and waits for their end; calls of the service are cancelled, not awaited.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (var (socket, _) in _connections) socket.Dispose();
        await Task.WhenAll(_connections.Values);
        _stop.Dispose();
    }

    private async Task AcceptAllAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Serve(await _listener.AcceptAsync(_stop.Token));
            }
            catch (SocketException e) when (!_stop.IsCancellationRequested)
            {
                // Out of descriptors and the like pass; a pause keeps them from filling the log.
                _logger.CannotAcceptPeers(e, EndPoint);
                await Task.Delay(AcceptPause);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private void Serve(Socket socket)
    {
        if (_connections.Count >= _options.ConnectionsMax)
        {
            _logger.TooManyPeers(RemoteOf(socket), _options.ConnectionsMax);
            socket.Dispose();
            return;
        }

        // Entered before it runs, so that the end of the connection always finds its entry.
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[socket] = RunAsync(socket, entered.Task);
        entered.SetResult();
    }

    private async Task RunAsync(Socket socket, Task entered)
    {
        await entered;
        var remote = RemoteOf(socket);
        try
        {
            await ConverseAsync(socket);
        }
        catch (Exception e)
        {
            if (!_stop.IsCancellationRequested)
                _logger.PeerConnectionEnded(remote, ProblemOf(e));
        }
        finally
        {
            socket.Dispose();
            _connections.TryRemove(socket, out _);
        }
    }

    private async Task ConverseAsync(Socket socket)
    {
        PeerSocket.Prepare(socket);
        var link = await PeerHandshake.AcceptAsync(
            new NetworkStream(socket, ownsSocket: true), PreambleProtocol.Peer, _self, _tls, _options.HandshakeTimeout, _stop.Token);
        await using var stream = link.Stream;
        using var rpc = new JsonRpc(new PeerMessageHandler(stream, _options.RequestsPerConnectionMax));
        rpc.TraceSource.Switch.Level = SourceLevels.Off;
        rpc.ActivityTracingStrategy = PeerTracing.Instance;
        rpc.CancelLocallyInvokedMethodsWhenConnectionIsClosed = true;
        rpc.AddLocalRpcTarget(
            RpcTargetMetadata.FromShape<IPeerContract>(), new PeerEndpoint(_service, link.Peer, _logger, _stop.Token), options: null);
        rpc.StartListening();
        await rpc.Completion.WaitAsync(_stop.Token);
    }

    private static string ProblemOf(Exception e) =>
        e is AuthenticationException { InnerException: { } inner } ? $"{e.Message} {inner.Message}" : e.Message;

    private static string RemoteOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint?.ToString() ?? "?";
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return "?";
        }
    }
}
