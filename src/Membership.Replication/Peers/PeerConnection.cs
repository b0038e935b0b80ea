using System.Diagnostics;
using System.Net.Sockets;
using Membership.Replication.Telemetry;
using StreamJsonRpc;

namespace Membership.Replication.Peers;

/// <summary>One open connection to a peer; calls on it run side by side.</summary>
internal sealed class PeerConnection : IDisposable
{
    private readonly JsonRpc _rpc;

    private PeerConnection(PeerLink link)
    {
        Peer = link.Peer;
        // It answers nothing, so it bounds nothing.
        _rpc = new JsonRpc(new PeerMessageHandler(link.Stream, requestsMax: 1));
        _rpc.TraceSource.Switch.Level = SourceLevels.Off;
        _rpc.ActivityTracingStrategy = PeerTracing.Instance;
        Calls = _rpc.Attach<IPeerContract>();
        _rpc.StartListening();
    }

    /// <summary>Who is at the other end.</summary>
    public PeerIdentity Peer { get; }

    /// <summary>The calls.</summary>
    public IPeerContract Calls { get; }

    /// <summary>Whether the peer takes the groups of a batch, as far as is known: one of before there were any does not.</summary>
    public bool TakesGroups { get; set; } = true;

    /// <summary>False once it is known to be broken; true proves nothing.</summary>
    public bool IsOpen => !_rpc.Completion.IsCompleted;

    public static async Task<PeerConnection> OpenAsync(
        PeerAddress peer, PeerIdentity self, ReplicaTls? tls, PeerOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            PeerSocket.Prepare(socket);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(options.ConnectTimeout);
            await socket.ConnectAsync(peer.EndPoint, limit.Token);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new(await PeerHandshake.ConnectAsync(
            new NetworkStream(socket, ownsSocket: true),
            PreambleProtocol.Peer,
            self,
            peer.ReplicaId,
            tls,
            options.HandshakeTimeout,
            cancellationToken));
    }

    /// <summary>Closes it; calls under way end with an exception.</summary>
    public void Dispose() => _rpc.Dispose();
}
