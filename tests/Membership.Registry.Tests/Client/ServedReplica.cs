using System.Net;
using Membership.Client;
using Membership.Registry.Tests.Handlers;

namespace Membership.Registry.Tests.Client;

/// <summary>A replica behind an endpoint on loopback, with a client that shows its admin token.</summary>
internal sealed class ServedReplica : IAsyncDisposable
{
    private readonly RegistryServer _server;

    private ServedReplica(RegistryServer server, MembershipClient admin)
    {
        _server = server;
        Admin = admin;
    }

    public MembershipClient Admin { get; }

    public static async Task<ServedReplica> StartAsync(ReplicaHost host)
    {
        var registry = new RegistryOptions { Registration = RegistrationMode.Proof, AdminTokens = { RegistryClient.AdminToken } };
        var handlers = new RegistryHandlers(host.Replica, registry, host.Secret, host.Time);
        var server = new RegistryServer(handlers, new() { EndPoint = new(IPAddress.Loopback, 0) });
        await server.StartAsync();
        var options = new MembershipClientOptions
        {
            Cluster = ReplicaHost.ClusterId,
            Replicas = [new(server.EndPoint.Address.ToString(), server.EndPoint.Port)],
            TimeProvider = host.Time,
        };
        return new(server, new(options, ClientIdentity.AdminToken(RegistryClient.AdminToken)));
    }

    public MembershipClient As(TestNode node) => Admin.As(ClientIdentity.Node(node.Id, node.Key));

    /// <summary>A new node, registered by the admin.</summary>
    public async Task<TestNode> RegisterAsync()
    {
        var key = TestNode.NewKey();
        return new((await Admin.RegisterNodeAsync(key.PublicKey)).Require().Node, key);
    }

    public async ValueTask DisposeAsync()
    {
        await Admin.DisposeAsync();
        await _server.DisposeAsync();
    }
}
