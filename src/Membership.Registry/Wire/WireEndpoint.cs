using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace Membership.Registry.Wire;

/// <summary>Takes the connections of clients: counts them, serves them, and ends those that are idle or do not read.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class WireEndpoint : ConnectionHandler, IAsyncDisposable
{
    private static readonly TimeSpan SweepPeriodMax = TimeSpan.FromSeconds(1);

    private readonly WireServices _services;
    private readonly ConcurrentDictionary<WireConnection, bool> _connections = [];
    private readonly ConcurrentDictionary<ConnectionContext, long> _closing = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sweeping;
    private int _count;

    public WireEndpoint(WireServices services)
    {
        _services = services;
        _sweeping = Task.Run(SweepAsync);
    }

    /// <summary>Connections now, those in a handshake among them.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Connections that were served or refused, and whose last bytes the transport still sends.</summary>
    public int ClosingCount => _closing.Count;

    /// <summary>Lets a connection through to TLS and to <see cref="OnConnectedAsync"/>, if there are not too many.</summary>
    public async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var hasPlace = _services.Sources.TryConnect(AddressOf(connection), out var place);
        connection.Features.Set(place);
        try
        {
            if (Interlocked.Increment(ref _count) <= _services.Options.ConnectionsMax && hasPlace) await next(connection);
            else await RefuseAsync(connection);
        }
        finally
        {
            place?.Dispose();
            Interlocked.Decrement(ref _count);
            WatchClosing(connection);
        }
    }

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var source = new RequestSource(AddressOf(connection), IsEncrypted: connection.Features.Get<ITlsHandshakeFeature>() is not null)
        {
            MutationRate = _services.Rate,
            Limits = _services.Sources,
            Memory = new(),
        };
        using var client = new WireConnection(connection, source, connection.Features.Get<SourcePlace>(), _services);
        _connections[client] = true;
        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        try
        {
            await using (stopping.Register(client.End)) await client.RunAsync();
        }
        finally
        {
            _connections.TryRemove(client, out _);
        }
    }

    /// <summary>Cuts every connection, whatever is under way.</summary>
    public void CutAll()
    {
        foreach (var (connection, _) in _connections) connection.Cut("The endpoint stops.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await _sweeping;
        _stop.Dispose();
        _services.Rate.Dispose();
        _services.Sources.Dispose();
    }

    private static IPAddress? AddressOf(ConnectionContext connection)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        return address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
    }

    // The transport sends what is left of the last answers before it closes, and says when it has.
    private void WatchClosing(ConnectionContext connection)
    {
        _closing[connection] = _services.Time.GetTimestamp();
        connection.ConnectionClosed.Register(() => _closing.TryRemove(connection, out _));
    }

    // Over TLS there is no channel for an answer yet, and to make one is what there is no room for.
    private async Task RefuseAsync(ConnectionContext connection)
    {
        if (_services.Options.Certificate is not null)
        {
            connection.Abort(new ConnectionAbortedException("There are too many connections."));
            return;
        }

        var sender = new AnswerSender(connection.Transport.Output, _services.Time);
        if (await sender.WriteAsync(ErrorContent.OverloadedClosing.Content)) await sender.FlushAsync();
    }

    private async Task SweepAsync()
    {
        var shortest = _services.Options.IdleTimeout < _services.Options.StallTimeout ? _services.Options.IdleTimeout : _services.Options.StallTimeout;
        using var timer = new PeriodicTimer(shortest / 4 < SweepPeriodMax ? shortest / 4 : SweepPeriodMax, _services.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) Sweep();
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Sweep()
    {
        foreach (var (connection, _) in _connections) connection.EndIfLate();
        foreach (var (closing, since) in _closing)
        {
            if (_services.Time.GetElapsedTime(since) <= _services.Options.StallTimeout) continue;
            _closing.TryRemove(closing, out _);
            closing.Abort(new ConnectionAbortedException("The client takes no answers."));
        }
    }
}
