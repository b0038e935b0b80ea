using System.Net;
using System.Net.Sockets;
using Membership.Replication.Peers;

namespace Membership.Cluster.Tests.Peers;

/// <summary>A peer that takes one connection, says who it is, reads what comes and never answers.</summary>
internal sealed class SilentPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    public SilentPeer()
    {
        _listener.Start();
        Closed = RunAsync();
    }

    public PeerAddress Address => new(PeerPair.ServerIdentity.ReplicaId, _listener.LocalEndpoint);

    /// <summary>Whether it closes the connection as soon as something comes.</summary>
    public bool BreaksWhenSentTo { get; init; }

    /// <summary>Whether it then resets it.</summary>
    public bool Resets { get; init; }

    /// <summary>Ends when the client closed its connection, or this peer did.</summary>
    public Task Closed { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Closed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
        await using var stream = client.GetStream();
        await Preamble.AcceptAsync(
            stream, PreambleProtocol.Peer, PeerPair.ServerIdentity, _ => { }, TimeSpan.FromSeconds(5), _stop.Token);
        if (BreaksWhenSentTo)
        {
            // Nobody else is let in after it.
            _listener.Stop();
            await stream.ReadAtLeastAsync(new byte[1], 1, cancellationToken: _stop.Token);
            if (Resets) client.LingerState = new(true, 0);
            return;
        }

        await stream.CopyToAsync(Stream.Null, _stop.Token);
    }
}
