using System.Net;
using System.Security.Authentication;
using Membership.Protocol.Requests;
using Membership.Registry.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Membership.Registry;

/// <summary>The wire endpoint of a replica: a listener of its own, on which clients send requests and read answers.</summary>
/// <remarks>
/// Source: command specification, section 7. Starting and stopping are for one owner; it starts once. It keeps no state: requests that are
/// cut off by a stop are repeated by their clients under the same request ids.
/// </remarks>
public sealed class RegistryServer : IAsyncDisposable
{
    // Enough for a few small frames: what a client sends beyond it waits in the kernel until it is read.
    private const int ReceiveBytesMax = 32 * 1024;
    private const int SendBytesMax = 16 * 1024;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly WireOptions _options;
    private readonly WireEndpoint _endpoint;
    private readonly ILoggerFactory _loggers;
    private readonly UnansweredBytes _room;
    private WebApplication? _host;

    /// <summary>An endpoint that does not listen yet.</summary>
    /// <param name="handlers">Answer the requests.</param>
    /// <param name="options">Where to listen, and the limits.</param>
    /// <param name="loggers">Where it logs; null for nowhere.</param>
    /// <param name="time">Its clock; null for the system's.</param>
    /// <exception cref="ArgumentException">A limit is out of range.</exception>
    public RegistryServer(RegistryHandlers handlers, WireOptions options, ILoggerFactory? loggers = null, TimeProvider? time = null)
        : this((handlers ?? throw new ArgumentNullException(nameof(handlers))).HandleAsync, handlers.Parser, options, loggers, time)
    {
        var meter = handlers.Meter.Meter;
        meter.CreateObservableGauge("membership.wire.connections", () => ConnectionCount, "{connection}", "Connections of clients, those in a handshake among them.");
        meter.CreateObservableGauge("membership.wire.held", () => HeldBytes, "By", "Requests that are not answered and answers that are not sent.");
    }

    internal RegistryServer(
        HandleRequest handle, RequestParser parser, WireOptions options, ILoggerFactory? loggers = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _loggers = loggers ?? NullLoggerFactory.Instance;
        _room = new(options.UnansweredBytesMax);
        var rate = new NodeMutationRate(options.NodeMutationsPerSecond, options.NodeMutationsBurst);
        _endpoint = new(new(
            parser, handle, options, _room, rate, new(options), time ?? TimeProvider.System, _loggers.CreateLogger<RegistryServer>()));
    }

    /// <summary>Where it listens: <see cref="WireOptions.EndPoint"/> with the port that was taken.</summary>
    /// <exception cref="InvalidOperationException">It is not started.</exception>
    public IPEndPoint EndPoint { get => field ?? throw new InvalidOperationException("The endpoint is not started."); private set; }

    /// <summary>Connections now.</summary>
    internal int ConnectionCount => _endpoint.Count;

    /// <summary>Connections that are over but for their last bytes.</summary>
    internal int ClosingConnectionCount => _endpoint.ClosingCount;

    /// <summary>Bytes held for clients now.</summary>
    internal long HeldBytes => _room.Held;

    /// <summary>Begins to listen.</summary>
    /// <param name="token">Gives up.</param>
    /// <exception cref="IOException">The address is in use or is not this machine's.</exception>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    public async Task StartAsync(CancellationToken token = default)
    {
        if (_host is not null) throw new InvalidOperationException("The endpoint was started before.");
        ListenOptions? listening = null;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(_loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseSockets(sockets =>
        {
            sockets.MaxReadBufferSize = ReceiveBytesMax;
            sockets.MaxWriteBufferSize = SendBytesMax;
            sockets.UnsafePreferInlineScheduling = true;
        });
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(_options.EndPoint, listen => listening = Serve(listen)));

        // They would tell of a web server.
        builder.WebHost.UseSetting(WebHostDefaults.SuppressStatusMessagesKey, "true");
        _host = builder.Build();
        await _host.StartAsync(token);
        EndPoint = listening!.IPEndPoint!;
    }

    /// <summary>
    /// Stops listening, answers the requests under way as far as they end within 5 seconds, and closes all connections. Does nothing the
    /// second time.
    /// </summary>
    /// <param name="token">Closes them at once.</param>
    public async Task StopAsync(CancellationToken token = default)
    {
        if (_host is not { } host) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(StopLimit);
        await using var cut = limit.Token.Register(_endpoint.CutAll);
        await host.StopAsync(limit.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_host is not null) await _host.DisposeAsync();
        await _endpoint.DisposeAsync();
    }

    private ListenOptions Serve(ListenOptions listen)
    {
        listen.Use(next => connection => _endpoint.AdmitAsync(connection, next));
        if (_options.Certificate is { } certificate)
        {
            listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = certificate, SslProtocols = SslProtocols.Tls13 });
        }

        listen.Run(_endpoint.OnConnectedAsync);
        return listen;
    }

    // The program that embeds the endpoint hears its signals, not this listener.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
