using System.Buffers.Binary;
using System.Text;

namespace Membership.Replication.Peers;

/// <summary>Which protocol follows a preamble, so that a connection to the wrong port of a replica is refused.</summary>
internal enum PreambleProtocol : byte
{
    /// <summary>The peer channel.</summary>
    Peer = 1,

    /// <summary>Raft itself.</summary>
    Raft = 2,
}

/// <summary>
/// What both ends of a connection between replicas say before anything else: magic, format, protocol, incarnation, cluster id,
/// replica id. The end that connects speaks first; the other answers in kind once it has read a preamble, be the cluster the right one
/// or not, so that both know why it ends.
/// </summary>
/// <remarks>
/// Layout: <c>MBRLINK</c>, format (1 byte), protocol (1), length of the cluster id (1) and of the replica id (1), incarnation
/// (8, big-endian), cluster id, replica id. Nothing beyond it is read from the stream. Thread-safe: no state.
/// </remarks>
internal static class Preamble
{
    private const byte Format = 1;
    private const int HeaderLength = 19;
    private const int IdBytesMax = 64;

    private static ReadOnlySpan<byte> Magic => "MBRLINK"u8;

    /// <summary>Speaks first, then reads the answer.</summary>
    /// <param name="stream">The connection, under TLS when there is any.</param>
    /// <param name="protocol">What follows.</param>
    /// <param name="self">Who connects.</param>
    /// <param name="expectedReplica">The replica that has to answer; null for any one of the cluster.</param>
    /// <param name="timeout">How long the exchange may take.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>Who answered.</returns>
    /// <exception cref="PreambleException">No preamble, another cluster, another replica, or too late.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static Task<PeerIdentity> ConnectAsync(
        Stream stream,
        PreambleProtocol protocol,
        PeerIdentity self,
        string? expectedReplica,
        TimeSpan timeout,
        CancellationToken cancellationToken) => Within(
        timeout,
        async token =>
        {
            await WriteAsync(stream, protocol, self, token);
            var peer = await ReadAsync(stream, protocol, token);
            Check(self, peer);
            if (expectedReplica is not null && peer.ReplicaId != expectedReplica)
                throw new PreambleException($"replica {expectedReplica} expected, {peer} found");
            return peer;
        },
        cancellationToken);

    /// <summary>Listens first, then answers.</summary>
    /// <param name="stream">The connection, under TLS when there is any.</param>
    /// <param name="protocol">What follows.</param>
    /// <param name="self">Who answers.</param>
    /// <param name="admit">
    /// Throws when who connected is not to be let in. It is asked before the answer: once that is out, the other end may send.
    /// </param>
    /// <param name="timeout">How long the exchange may take.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>Who connected.</returns>
    /// <inheritdoc cref="ConnectAsync"/>
    public static Task<PeerIdentity> AcceptAsync(
        Stream stream,
        PreambleProtocol protocol,
        PeerIdentity self,
        Action<PeerIdentity> admit,
        TimeSpan timeout,
        CancellationToken cancellationToken) => Within(
        timeout,
        async token =>
        {
            var peer = await ReadAsync(stream, protocol, token);
            admit(peer);
            await WriteAsync(stream, protocol, self, token);
            Check(self, peer);
            return peer;
        },
        cancellationToken);

    private static void Check(PeerIdentity self, PeerIdentity peer)
    {
        if (peer.ClusterId != self.ClusterId) throw new PreambleException($"{peer} is of another cluster than {self}");
    }

    private static async Task<PeerIdentity> Within(
        TimeSpan timeout, Func<CancellationToken, Task<PeerIdentity>> exchange, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            return await exchange(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PreambleException($"no preamble within {timeout.TotalSeconds:0.###} s");
        }
        catch (EndOfStreamException)
        {
            throw new PreambleException("the connection ended within the preamble");
        }
    }

    private static async ValueTask WriteAsync(
        Stream stream, PreambleProtocol protocol, PeerIdentity self, CancellationToken cancellationToken)
    {
        var bytes = new byte[HeaderLength + self.ClusterId.Length + self.ReplicaId.Length];
        Magic.CopyTo(bytes);
        bytes[7] = Format;
        bytes[8] = (byte)protocol;
        bytes[9] = (byte)self.ClusterId.Length;
        bytes[10] = (byte)self.ReplicaId.Length;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(11), self.Incarnation);
        Encoding.ASCII.GetBytes(self.ClusterId + self.ReplicaId, bytes.AsSpan(HeaderLength));
        await stream.WriteAsync(bytes, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    private static async ValueTask<PeerIdentity> ReadAsync(
        Stream stream, PreambleProtocol protocol, CancellationToken cancellationToken)
    {
        var header = new byte[HeaderLength];
        // The magic alone first: what speaks another protocol may never send as much as a whole header.
        await stream.ReadExactlyAsync(header.AsMemory(0, Magic.Length), cancellationToken);
        if (!header.AsSpan(0, Magic.Length).SequenceEqual(Magic)) throw new PreambleException("no preamble");
        await stream.ReadExactlyAsync(header.AsMemory(Magic.Length), cancellationToken);
        if (header[7] != Format) throw new PreambleException($"preamble of format {header[7]}");
        if (header[8] != (byte)protocol) throw new PreambleException($"a preamble of protocol {header[8]} at the port of {protocol}");
        if (header[9] > IdBytesMax || header[10] > IdBytesMax) throw new PreambleException("id too long");
        var ids = new byte[header[9] + header[10]];
        await stream.ReadExactlyAsync(ids, cancellationToken);
        try
        {
            return new(
                Encoding.ASCII.GetString(ids, 0, header[9]),
                Encoding.ASCII.GetString(ids, header[9], header[10]),
                BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(11)));
        }
        catch (ArgumentException)
        {
            throw new PreambleException("an id of another form than 1 to 64 of a-z, 0-9 and '-'");
        }
    }
}

/// <summary>The other end of a connection is not whom it should be. Nothing was exchanged beyond preambles.</summary>
internal sealed class PreambleException(string message) : IOException(message);
