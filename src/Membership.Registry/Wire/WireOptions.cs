using System.Net;
using System.Security.Cryptography.X509Certificates;
using Membership.Protocol.Frames;
using Membership.Registry.Hosting;

namespace Membership.Registry.Wire;

/// <summary>Where the wire endpoint of a replica listens, and every limit that it sets its clients.</summary>
/// <remarks>Source of the defaults: command specification, section 7. Immutable.</remarks>
public sealed record WireOptions
{
    /// <summary>Where to listen. Port 0 takes a free one, see <see cref="RegistryServer.EndPoint"/>.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>The certificate to serve, with its private key: TLS 1.3 and nothing else. Null for plaintext.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Connections at a time, 1 and more; one more hears <see cref="Code.Overloaded"/> and is closed.</summary>
    public int ConnectionsMax { get; init; } = 10_000;

    /// <summary>
    /// Connections at a time of one source address, or of one IPv6 network of 64 bits: 1 and more; one more hears
    /// <see cref="Code.Overloaded"/> and is closed.
    /// </summary>
    public int ConnectionsPerSourceMax { get; init; } = 5_000;

    /// <summary>
    /// Requests of all connections of one source that are handled or whose answers wait to be sent: 1 and more; one more is
    /// <see cref="Code.Overloaded"/>.
    /// </summary>
    public int InFlightPerSourceMax { get; init; } = 65_536;

    /// <summary>
    /// Signatures and tokens of one source that may fail in a minute: 1 to 60 million. Then a connection of it that has not shown a valid
    /// one yet hears <see cref="Code.RateLimited"/> for any other, unseen; those that have are served on.
    /// </summary>
    public int FailedCredentialsPerMinute { get; init; } = 1_000;

    /// <summary>
    /// Requests of one connection that are handled or whose answers wait to be sent, 1 and more; then reading stops until an answer is out.
    /// </summary>
    public int InFlightMax { get; init; } = 64;

    /// <summary>
    /// Bytes that the clients of this replica may hold in its memory: frames from their first byte until they are answered, and answers
    /// until they are sent. 1 and more. Half of it is for connections that have shown no valid credential.
    /// </summary>
    public long UnansweredBytesMax { get; init; } = 256L << 20;

    /// <summary>The largest frame of a connection that has shown a valid credential, in bytes: 1 to <see cref="Frame.BytesMax"/>.</summary>
    public int FrameBytesMax { get; init; } = Frame.BytesMax;

    /// <summary>The largest frame of any other connection, in bytes: 1 to <see cref="FrameBytesMax"/>.</summary>
    public int AnonymousFrameBytesMax { get; init; } = Frame.AnonymousBytesMax;

    /// <summary>Mutations a second that a node has in the long run, over all of its connections to this replica: 1 to 10 million.</summary>
    public int NodeMutationsPerSecond { get; init; } = 60;

    /// <summary>Mutations that a node may send at once after a pause, 1 and more.</summary>
    public int NodeMutationsBurst { get; init; } = 600;

    /// <summary>A connection from which no whole frame has come for so long, and to which no answer is due, is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A connection whose client takes no part of an answer for so long is cut.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks every limit against its range.</summary>
    /// <exception cref="ArgumentException">Says which are wrong, what they are and what they should be.</exception>
    internal void Validate()
    {
        var problems = RegistryOptionRules.FindProblems(this).ToArray();
        if (problems.Length > 0) throw new ArgumentException(string.Join(' ', problems));
    }
}
