namespace Membership.Replication.Transport;

/// <summary>
/// Stands in for the network in tests: decides when bytes from one replica reach another. Both directions of a connection are asked for
/// separately, each by its sender.
/// </summary>
internal interface ILinkFaults
{
    /// <summary>Returns when bytes may pass: at once, later, or, on a cut link, when it heals or the connection is given up.</summary>
    ValueTask PassAsync(string from, string to, CancellationToken token);
}
