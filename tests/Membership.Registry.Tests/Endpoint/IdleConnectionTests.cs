using System.Diagnostics;
using Membership.Registry.Wire;

namespace Membership.Registry.Tests.Endpoint;

/// <summary>As many idle connections as a cluster has nodes, from another process and one source address, under default limits for a source.</summary>
public sealed class IdleConnectionTests
{
    private const int Many = 4_000;
    private const long BytesEachMax = 32 * 1024;

    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task They_hinder_nobody_cost_little_and_leave_their_room()
    {
        await using var server = await TestServer.StartAsync(new() { EndPoint = TestServer.Loopback, ConnectionsMax = Many + 1 });
        await server.AssertServesAsync();
        var before = SettledMemory();
        using var idle = await IdleClients.StartAsync(server.Server.EndPoint, Many);
        await Wait.UntilAsync(() => server.Server.ConnectionCount == Many, "all connections", Limit);
        Assert.True(SettledMemory() - before <= Many * BytesEachMax, "an idle connection costs too much");

        using var client = await server.ConnectAsync();
        var since = Stopwatch.GetTimestamp();
        for (var i = 0u; i < 100; i++) Assert.Equal(i, (await client.AskAsync(Json.Status((int)i))).Revision);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, Promptly);
        using (var beyond = await server.ConnectAsync()) Assert.Equal(Code.Overloaded, (await beyond.AnswerAsync()).Code);

        await idle.KillAsync();
        await Wait.UntilAsync(() => server.Server is { ConnectionCount: 1, HeldBytes: 0 }, "those of the process to be gone", Limit);
        using var again = await IdleClients.StartAsync(server.Server.EndPoint, Many);
        await Wait.UntilAsync(() => server.Server.ConnectionCount == Many + 1, "all connections of another process", Limit);
        Assert.Equal(7u, (await client.AskAsync(Json.Status(7))).Revision);
    }

    [Fact]
    public async Task They_are_ended_by_the_server_and_leave_their_room()
    {
        await using var server = await TestServer.StartAsync(
            new() { EndPoint = TestServer.Loopback, ConnectionsMax = Many, IdleTimeout = TimeSpan.FromSeconds(3) });
        using var idle = await IdleClients.StartAsync(server.Server.EndPoint, Many);
        await idle.WaitForEndAsync();
        await Wait.UntilAsync(() => server.Server is { ConnectionCount: 0, HeldBytes: 0 }, "all to be gone", Limit);
        await server.AssertServesAsync();
    }

    // What tests before left behind goes only when its finalizers have run: counted in, it would hide what is measured.
    private static long SettledMemory()
    {
        var memory = long.MaxValue;
        for (var now = GC.GetTotalMemory(forceFullCollection: true); now < memory - Many; now = GC.GetTotalMemory(forceFullCollection: true))
        {
            memory = now;
            GC.WaitForPendingFinalizers();
        }

        return memory;
    }
}
