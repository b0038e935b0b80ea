using System.Net;
using Membership.Replication.Peers;
using Microsoft.AspNetCore.Connections;

namespace Membership.Replication.Transport;

/// <summary>
/// Makes sure of who is on the line before a single byte of Raft is read. Without it a replica of another cluster on a reused address
/// would take part in elections.
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
        var plain = new DuplexStream(connection.Transport);
        var link = await PeerHandshake.AcceptAsync(plain, PreambleProtocol.Raft, self, tls, Limit, token);
        if (link.Peer.ReplicaId == self.ReplicaId) throw new PreambleException($"{link.Peer} says that it is this replica");

        // Only now it is known whose link that is.
        return Layer(connection, plain, WithFaults(link.Stream, link.Peer.ReplicaId));
    }

    /// <summary>Says who we are, and checks who answers.</summary>
    /// <param name="connection">Just made; the caller disposes it when this throws.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="token">Ends it early.</param>
    /// <exception cref="IOException">Another replica listens there than the options say, or one of another cluster.</exception>
    public async Task<ConnectionContext> ConnectAsync(ConnectionContext connection, EndPoint to, CancellationToken token)
    {
        var expected = replicaAt(to) ?? throw new PreambleException($"the options do not say which replica is at {to}");
        var plain = new DuplexStream(connection.Transport);
        var link = await PeerHandshake.ConnectAsync(WithFaults(plain, expected), PreambleProtocol.Raft, self, expected, tls, Limit, token);
        return Layer(connection, plain, link.Stream);
    }

    private Stream WithFaults(Stream stream, string to) => faults is null ? stream : new FaultyStream(stream, faults, self.ReplicaId, to);

    // In the clear and without faults the package reads the socket's own pipes.
    private static ConnectionContext Layer(ConnectionContext connection, DuplexStream plain, Stream top) =>
        top == plain ? connection : new LayeredConnection(connection, top);
}
