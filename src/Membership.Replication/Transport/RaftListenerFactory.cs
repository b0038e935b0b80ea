using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Membership.Replication.Transport;

/// <summary>Where the Raft package takes its connections: each has a known replica of this cluster at the other end.</summary>
internal sealed class RaftListenerFactory(IPEndPoint listen, RaftHandshake handshake, ILoggerFactory loggers) : IConnectionListenerFactory
{
    /// <inheritdoc/>
    /// <remarks>The address that the package names is the one by which others know this replica; it may be behind a translation.</remarks>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        var socket = await sockets.BindAsync(listen, cancellationToken);
        return new RaftListener(socket, handshake, loggers.CreateLogger<RaftListener>());
    }
}
