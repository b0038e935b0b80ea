using System.Globalization;
using System.Net;

namespace Membership.Replication;

/// <summary>A replica and where it listens for the others. The address is its identity among the voters: another address is another voter.</summary>
/// <param name="Id">1 to 64 of <c>a-z 0-9 -</c>.</param>
/// <param name="EndPoint">An <see cref="IPEndPoint"/>, or a <see cref="DnsEndPoint"/> for a name that is looked up at each connection.</param>
public sealed record ReplicaAddress(string Id, EndPoint EndPoint)
{
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
