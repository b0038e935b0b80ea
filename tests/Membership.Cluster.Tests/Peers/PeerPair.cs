using System.Net;
using Membership.Replication.Peers;

namespace Membership.Cluster.Tests.Peers;

/// <summary>A server on loopback, and clients of it.</summary>
internal sealed class PeerPair : IAsyncDisposable
{
    public static readonly PeerIdentity ServerIdentity = new("alpha", "r1", 11);
    public static readonly PeerIdentity ClientIdentity = new("alpha", "r2", 22);

    private readonly List<IAsyncDisposable> _owned = [];
    private readonly PeerOptions _options;

    public PeerPair(PeerOptions? options = null, ReplicaTls? tls = null, IPEndPoint? endPoint = null)
    {
        _options = options ?? new();
        Server = new(endPoint ?? new(IPAddress.Loopback, 0), ServerIdentity, Service, tls, options, ServerLog);
        Server.Start();
    }

    public static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(10);

    public ScriptedService Service { get; } = new();

    public LineLogger ServerLog { get; } = new();

    public PeerServer Server { get; }

    public PeerAddress Address => new(ServerIdentity.ReplicaId, Server.EndPoint);

    public PeerClient NewClient(PeerIdentity? identity = null, ReplicaTls? tls = null, TimeProvider? time = null)
    {
        var client = new PeerClient(Address, identity ?? ClientIdentity, tls, _options, time);
        _owned.Add(client);
        return client;
    }

    /// <summary>Proposals that the service answers with these revisions.</summary>
    public static ReadOnlyMemory<byte>[] Batch(params ulong[] revisions) =>
        [.. revisions.Select(r => (ReadOnlyMemory<byte>)BitConverter.GetBytes(r))];

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned) await owned.DisposeAsync();
        await Server.DisposeAsync();
    }
}
