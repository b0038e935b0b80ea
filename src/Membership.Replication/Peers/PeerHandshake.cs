using System.Net.Security;
using System.Security.Authentication;

namespace Membership.Replication.Peers;

/// <summary>Brings a fresh connection to the point where its protocol begins: TLS if there is any, then the preambles.</summary>
/// <remarks>Disposes the connection when it fails. Each of the two steps has the time limit. Thread-safe: no state.</remarks>
internal static class PeerHandshake
{
    /// <summary>The end that connects.</summary>
    /// <param name="connection">The connection as it came about.</param>
    /// <param name="protocol">What follows.</param>
    /// <param name="self">Who connects.</param>
    /// <param name="replicaId">Who has to answer.</param>
    /// <param name="tls">Null for none.</param>
    /// <param name="timeout">The limit of each step.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="IOException">The other end is not whom it should be, too slow, or gone.</exception>
    /// <exception cref="AuthenticationException">The other end has no certificate that counts.</exception>
    public static async Task<PeerLink> ConnectAsync(
        Stream connection,
        PreambleProtocol protocol,
        PeerIdentity self,
        string replicaId,
        ReplicaTls? tls,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        var stream = tls is null ? connection : new SslStream(connection);
        try
        {
            if (stream is SslStream secured)
                await Within(timeout, token => secured.AuthenticateAsClientAsync(tls!.ClientOptions(replicaId), token), cancellationToken);
            return new(stream, await Preamble.ConnectAsync(stream, protocol, self, replicaId, timeout, cancellationToken));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>The end that accepts.</summary>
    /// <inheritdoc cref="ConnectAsync"/>
    public static async Task<PeerLink> AcceptAsync(
        Stream connection,
        PreambleProtocol protocol,
        PeerIdentity self,
        ReplicaTls? tls,
        TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        var stream = tls is null ? connection : new SslStream(connection);
        try
        {
            if (stream is SslStream secured)
                await Within(timeout, token => secured.AuthenticateAsServerAsync(tls!.ServerOptions(), token), cancellationToken);
            return new(
                stream, await Preamble.AcceptAsync(stream, protocol, self, peer => Admit(stream, peer), timeout, cancellationToken));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static void Admit(Stream stream, PeerIdentity peer)
    {
        if (stream is SslStream secured && !ReplicaTls.IsFrom(secured, peer.ReplicaId))
            throw new PreambleException($"{peer} came with the certificate of another");
    }

    private static async Task Within(TimeSpan timeout, Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await step(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PreambleException($"no TLS within {timeout.TotalSeconds:0.###} s");
        }
    }
}

/// <summary>A connection whose other end is known.</summary>
/// <param name="Stream">Where the protocol goes on.</param>
/// <param name="Peer">Who is at the other end.</param>
internal sealed record PeerLink(Stream Stream, PeerIdentity Peer);
