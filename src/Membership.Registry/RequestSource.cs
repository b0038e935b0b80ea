using System.Net;

namespace Membership.Registry;

/// <summary>Where a request came from, as far as the endpoint knows.</summary>
/// <param name="Address">The other end; null for a caller within the process, which counts as loopback.</param>
/// <param name="IsEncrypted">Whether the connection is TLS.</param>
public sealed record RequestSource(IPAddress? Address, bool IsEncrypted)
{
    /// <summary>A caller within the process.</summary>
    public static RequestSource InProcess { get; } = new(null, IsEncrypted: false);

    /// <summary>Counts what nodes send through the endpoint; null for a caller within the process, who has no limit.</summary>
    internal Wire.NodeMutationRate? MutationRate { get; init; }

    /// <summary>Counts what one address takes; null for a caller within the process.</summary>
    internal Wire.SourceLimits? Limits { get; init; }

    /// <summary>What is remembered of the connection; null for a caller within the process.</summary>
    internal Wire.ClientMemory? Memory { get; init; }

    /// <summary>Whether nobody beside the two ends can have read the request.</summary>
    internal bool IsPrivate => IsEncrypted || Address is null || IPAddress.IsLoopback(Address);
}
