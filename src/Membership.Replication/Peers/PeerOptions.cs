namespace Membership.Replication.Peers;

/// <summary>Times and bounds of the peer channel. The defaults suit a local network.</summary>
internal sealed record PeerOptions
{
    /// <summary>How long a TCP connection may take to come about.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the exchange of preambles may take, and how long TLS before it.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a peer may take to answer anything but a forwarded batch, which has its own deadline.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after the deadline of a forwarded batch its answer may still arrive before the connection is given up.</summary>
    public TimeSpan ForwardGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The wait after the first failed attempt to connect; it doubles with each further one.</summary>
    public TimeSpan BackOffMin { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait between attempts to connect.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Connections that a server holds at one time, those still in their handshake included; it closes further ones at once.</summary>
    public int ConnectionsMax { get; init; } = 64;

    /// <summary>Requests of one connection that a server works on at one time; it reads the next one when one of them is answered.</summary>
    public int RequestsPerConnectionMax { get; init; } = 256;

    /// <summary>Calls of one client under way at one time; it refuses further ones.</summary>
    public int CallsMax { get; init; } = 1024;

    /// <summary>Proposals that wait in a forwarder; it refuses further ones.</summary>
    public int ForwardsWaitingMax { get; init; } = 8192;

    /// <summary>Batches of one forwarder under way at one time.</summary>
    public int ForwardBatchesInFlightMax { get; init; } = 4;
}
