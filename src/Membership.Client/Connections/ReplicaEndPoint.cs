using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Membership.Client;

/// <summary>Where a replica listens for the wire.</summary>
/// <param name="Host">A name or an address; an IPv6 address without brackets.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record ReplicaEndPoint(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>, an IPv6 address in brackets.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static ReplicaEndPoint Parse(string text) =>
        TryParse(text, out var endPoint) ? endPoint : throw new FormatException($"'{text}' is not host:port.");

    /// <summary>Reads <c>host:port</c>, an IPv6 address in brackets.</summary>
    /// <returns>False when the text is anything else.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ReplicaEndPoint? endPoint)
    {
        endPoint = null;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, NumberFormatInfo.InvariantInfo, out var port)) return false;
        var host = text![..colon];
        var isBracketed = host.Length > 2 && host[0] == '[' && host[^1] == ']';
        if (port == 0 || host.Contains(':') != isBracketed) return false;
        endPoint = new(isBracketed ? host[1..^1] : host, port);
        return true;
    }

    /// <summary><c>host:port</c>.</summary>
    public override string ToString() =>
        string.Create(NumberFormatInfo.InvariantInfo, $"{(Host.Contains(':') ? $"[{Host}]" : Host)}:{Port}");
}
