using System.Net.Sockets;
using Membership.Benchmarks.Load;
using Membership.Benchmarks.Replicas;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Machine;

/// <summary>Round trips of a small message over loopback to a process that sends it back.</summary>
internal sealed class LoopbackLimit : IAsyncDisposable
{
    /// <summary>The hidden mode of the process that sends everything back.</summary>
    public const string Mode = "echo";

    private const int MessageBytes = 64;

    private readonly ChildProcess _echo;
    private readonly int _port;

    private LoopbackLimit(ChildProcess echo, int port)
    {
        _echo = echo;
        _port = port;
    }

    public static async Task<LoopbackLimit> StartAsync()
    {
        var echo = ChildProcess.Start("echo", Mode, new());
        return new(echo, await echo.ReadyAsync<int>());
    }

    /// <summary>The process that sends everything back.</summary>
    public static async Task<int> EchoAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(ReplicaPlan.Loopback(0));
        listener.Listen();
        _ = AcceptAsync(listener);
        await new CommandLoop().RunAsync(ready: ((System.Net.IPEndPoint)listener.LocalEndPoint!).Port);
        return 0;
    }

    /// <summary>Round trips a second over so many connections.</summary>
    public async Task<LoadResult> RunAsync(int connections, TimeSpan length)
    {
        var sockets = Enumerable.Range(0, connections).Select(_ => new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }).ToList();
        try
        {
            foreach (var socket in sockets) await socket.ConnectAsync(ReplicaPlan.Loopback(_port));
            return await ClosedLoop.RunAsync([.. sockets.Select(ToClient)], length);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    public ValueTask DisposeAsync() => _echo.DisposeAsync();

    private static Func<ValueTask<string?>> ToClient(Socket socket)
    {
        var message = new byte[MessageBytes];
        return async () =>
        {
            await socket.SendAsync(message);
            for (var got = 0; got < MessageBytes;)
            {
                var count = await socket.ReceiveAsync(message.AsMemory(got));
                if (count == 0) return "closed";
                got += count;
            }

            return null;
        };
    }

    private static async Task AcceptAsync(Socket listener)
    {
        while (true) _ = EchoAsync(await listener.AcceptAsync());
    }

    private static async Task EchoAsync(Socket socket)
    {
        using var ends = socket;
        socket.NoDelay = true;
        var buffer = new byte[MessageBytes];
        while (await socket.ReceiveAsync(buffer) is var count and > 0) await socket.SendAsync(buffer.AsMemory(0, count));
    }
}
