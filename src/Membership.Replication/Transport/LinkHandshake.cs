using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Membership.Replication.Transport;

/// <summary>Makes sure of who is on the line before a single byte of Raft or of a peer's call is read.</summary>
internal sealed class LinkHandshake(LinkIdentity self, TransportSecurity security, ILinkFaults? faults)
{
    /// <summary>How long the other end has to say who it is.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Who we are.</summary>
    public LinkIdentity Self => self;

    /// <summary>Welcomes whoever connected, or refuses it.</summary>
    /// <param name="connection">Just accepted; the caller disposes it when this throws.</param>
    /// <param name="isServed">Whether a connection for this purpose has someone to take it.</param>
    /// <param name="token">Cancels the waiting for the other end.</param>
    /// <exception cref="LinkRefusedException">It was refused, and told why.</exception>
    public async ValueTask<Link> AcceptAsync(ConnectionContext connection, Func<LinkPurpose, bool> isServed, CancellationToken token)
    {
        var secured = await SecureAsync(connection, (stream, t) => security.AcceptAsync(stream, t), token);
        var preamble = await Preamble.ReadAsync(secured.Transport.Input, token);
        var purpose = (LinkPurpose)preamble.Kind;
        var verdict = VerdictOn(preamble.From, isServed(purpose));
        await new Preamble((byte)verdict, self).WriteAsync(secured.Transport.Output, token);
        if (verdict != LinkVerdict.Welcome)
        {
            throw new LinkRefusedException(
                $"{connection.RemoteEndPoint} says it is {preamble.From} and was refused ({verdict}); this is {self}.");
        }

        return new(WithFaults(secured, preamble.From), preamble.From, purpose);
    }

    /// <summary>Says who we are and for what we come, and checks who answers.</summary>
    /// <exception cref="LinkRefusedException">The other end is of another cluster, or would not have us.</exception>
    public async ValueTask<Link> ConnectAsync(ConnectionContext connection, EndPoint to, LinkPurpose purpose, CancellationToken token)
    {
        var secured = await SecureAsync(connection, (stream, t) => security.ConnectAsync(stream, to, t), token);
        await new Preamble((byte)purpose, self).WriteAsync(secured.Transport.Output, token);
        var answer = await Preamble.ReadAsync(secured.Transport.Input, token);
        if ((LinkVerdict)answer.Kind != LinkVerdict.Welcome || answer.From.ClusterId != self.ClusterId)
            throw new LinkRefusedException($"{to} is {answer.From} and answered {(LinkVerdict)answer.Kind} to {self}.");
        return new(WithFaults(secured, answer.From), answer.From, purpose);
    }

    private LinkVerdict VerdictOn(LinkIdentity from, bool served)
    {
        if (from.ClusterId != self.ClusterId) return LinkVerdict.OtherCluster;
        if (from.ReplicaId == self.ReplicaId) return LinkVerdict.SameReplica;
        return served ? LinkVerdict.Welcome : LinkVerdict.NotServed;
    }

    private async ValueTask<ConnectionContext> SecureAsync(
        ConnectionContext connection, Func<Stream, CancellationToken, ValueTask<Stream>> secure, CancellationToken token) =>
        security.IsEnabled ? new LayeredConnection(connection, await secure(new DuplexStream(connection.Transport), token)) : connection;

    private ConnectionContext WithFaults(ConnectionContext connection, LinkIdentity other) => faults is null
        ? connection
        : new LayeredConnection(
            connection, new FaultyStream(new DuplexStream(connection.Transport), faults, self.ReplicaId, other.ReplicaId));
}
