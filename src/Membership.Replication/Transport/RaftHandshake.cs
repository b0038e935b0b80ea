using System.Net;
using System.Net.Security;
using Membership.Replication.Peers;
using Microsoft.AspNetCore.Connections;

namespace Membership.Replication.Transport;

/// <summary>
/// Makes sure of who is on the line before a single byte of Raft is read: TLS when there is any, then the preamble. Without it a replica
/// of another cluster on a reused address would take part in elections.
/// </summary>
/// <param name="self">Who we are.</param>
/// <param name="tls">Mutual TLS; null for none.</param>
/// <param name="replicaAt">Which replica listens at an address.</param>
/// <param name="faults">Stands in for the network in tests.</param>
internal sealed class RaftHandshake(PeerIdentity self, ReplicaTls? tls, Func<EndPoint, string?> replicaAt, ILinkFaults? faults)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Welcomes whoever connected.</summary>
    /// <param name="connection">Just accepted; the caller disposes it when this throws.</param>
    /// <param name="token">Ends it early.</param>
    /// <exception cref="IOException">It is no replica of this cluster.</exception>
    public async Task<ConnectionContext> AcceptAsync(ConnectionContext connection, CancellationToken token)
    {
        var stream = new DuplexStream(connection.Transport);
        var ssl = tls is null ? null : new SslStream(stream, leaveInnerStreamOpen: true);
        if (ssl is not null) await ssl.AuthenticateAsServerAsync(tls!.ServerOptions(), token).WaitAsync(Limit, token);
        var peer = await Preamble.AcceptAsync(ssl ?? (Stream)stream, PreambleProtocol.Raft, self, Limit, token);
        if (ssl is not null && !ReplicaTls.IsFrom(ssl, peer.ReplicaId))
            throw new PreambleException($"the certificate is not that of {peer}");
        if (peer.ReplicaId == self.ReplicaId) throw new PreambleException($"{peer} says that it is this replica");
        return Layer(connection, ssl, peer);
    }

    /// <summary>Says who we are, and checks who answers.</summary>
    /// <param name="connection">Just made; the caller disposes it when this throws.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="token">Ends it early.</param>
    /// <exception cref="IOException">Another replica listens there than the options say, or one of another cluster.</exception>
    public async Task<ConnectionContext> ConnectAsync(ConnectionContext connection, EndPoint to, CancellationToken token)
    {
        var stream = new DuplexStream(connection.Transport);
        var expected = replicaAt(to) ?? throw new PreambleException($"the options do not say which replica is at {to}");
        var ssl = tls is null ? null : new SslStream(stream, leaveInnerStreamOpen: true);
        if (ssl is not null) await ssl.AuthenticateAsClientAsync(tls!.ClientOptions(expected), token).WaitAsync(Limit, token);
        var peer = await Preamble.ConnectAsync(ssl ?? (Stream)stream, PreambleProtocol.Raft, self, expected, Limit, token);
        return Layer(connection, ssl, peer);
    }

    // In the clear and without faults the package reads the socket's own pipes.
    private ConnectionContext Layer(ConnectionContext connection, SslStream? ssl, PeerIdentity peer)
    {
        if (faults is null) return ssl is null ? connection : new LayeredConnection(connection, ssl);
        Stream stream = ssl is null ? new DuplexStream(connection.Transport) : ssl;
        return new LayeredConnection(connection, new FaultyStream(stream, faults, self.ReplicaId, peer.ReplicaId));
    }
}
