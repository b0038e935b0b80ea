using System.Net;
using Membership.Registry.Wire;

namespace Membership.Registry.Tests.Endpoint;

/// <summary>An endpoint on loopback before scripted handlers.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private TestServer(RegistryServer server, ScriptedHandlers handlers)
    {
        Server = server;
        Handlers = handlers;
    }

    public static IPEndPoint Loopback { get; } = new(IPAddress.Loopback, 0);

    public RegistryServer Server { get; }

    public ScriptedHandlers Handlers { get; }

    public static async Task<TestServer> StartAsync(WireOptions? options = null)
    {
        var handlers = new ScriptedHandlers();
        var server = new RegistryServer(handlers.HandleAsync, new(), options ?? new() { EndPoint = Loopback });
        await server.StartAsync();
        return new(server, handlers);
    }

    public Task<RawClient> ConnectAsync(int? receiveBytes = null) => RawClient.ConnectAsync(Server.EndPoint, receiveBytes);

    /// <summary>A client of good manners is answered: whatever else happened did not disturb it.</summary>
    public async Task AssertServesAsync()
    {
        using var client = await ConnectAsync();
        Assert.Equal("status_ok", (await client.AskAsync(Json.Status(1))).Type);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
