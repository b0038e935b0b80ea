using System.Globalization;
using System.Net;

namespace Membership.Replication;

/// <summary>A replica and where it listens for the others.</summary>
/// <param name="Id">1 to 64 of <c>a-z 0-9 -</c>.</param>
/// <param name="RaftEndPoint">
/// For Raft: an <see cref="IPEndPoint"/>, or a <see cref="DnsEndPoint"/> for a name that is looked up at each connection. It is the
/// replica's identity among the voters: another address is another voter.
/// </param>
/// <param name="PeerEndPoint">For the peer channel: of the same types.</param>
public sealed record ReplicaAddress(string Id, EndPoint RaftEndPoint, EndPoint PeerEndPoint)
{
    /// <summary>The address of Raft as <c>host:port</c>.</summary>
    public string RaftAddress => ToText(RaftEndPoint);

    /// <summary>The address of the peer channel as <c>host:port</c>.</summary>
    public string PeerAddress => ToText(PeerEndPoint);

    /// <summary>Reads an address such as <c>10.0.0.7:4711</c>, <c>[::1]:4711</c> or <c>r4.example:4711</c>.</summary>
    /// <returns>Null when it is no such address.</returns>
    public static EndPoint? TryParseEndPoint(string? text)
    {
        try
        {
            return text is null || text.Contains(' ', StringComparison.Ordinal) || text.Length > 261 ? null : ParseEndPoint(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>An endpoint as <c>host:port</c>.</summary>
    internal static string ToText(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint dns => string.Create(NumberFormatInfo.InvariantInfo, $"{dns.Host}:{dns.Port}"),
        _ => endPoint.ToString()!,
    };

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    internal static EndPoint ParseEndPoint(string text)
    {
        if (IPEndPoint.TryParse(text, out var ip) && text.LastIndexOf(':') > text.LastIndexOf(']')) return ip;
        var colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberFormatInfo.InvariantInfo, out var port)
            ? new DnsEndPoint(text[..colon], port)
            : throw new FormatException($"'{text}' is not host:port.");
    }
}
