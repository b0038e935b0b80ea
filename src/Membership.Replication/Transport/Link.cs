using Microsoft.AspNetCore.Connections;

namespace Membership.Replication.Transport;

/// <summary>A connection on which both ends know who the other one is.</summary>
/// <param name="Connection">The connection; whoever holds the link disposes it.</param>
/// <param name="Other">Who is at the other end.</param>
/// <param name="Purpose">What it is for.</param>
internal sealed record Link(ConnectionContext Connection, LinkIdentity Other, LinkPurpose Purpose);
