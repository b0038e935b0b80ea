using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Membership.Registry.Tests.Endpoint;

/// <summary>Connections that another process opens and holds, and over which nothing is sent. It is this assembly, started as a program.</summary>
internal sealed class IdleClients : IDisposable
{
    private const string Held = "held";
    private const string Ended = "ended";
    private const int AtOnce = 100;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private IdleClients(Process process) => _process = process;

    /// <summary>Starts the process, and returns when it holds so many connections.</summary>
    public static async Task<IdleClients> StartAsync(IPEndPoint endPoint, int count)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] arguments = ["exec", typeof(IdleClients).Assembly.Location, $"{endPoint}", count.ToString(CultureInfo.InvariantCulture)];
        var process = Process.Start(new ProcessStartInfo(host, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        var clients = new IdleClients(process);
        await clients.ExpectAsync(Held);
        return clients;
    }

    /// <summary>Returns when the server has ended all of them.</summary>
    public Task WaitForEndAsync() => ExpectAsync(Ended);

    /// <summary>Ends the process, and with it its connections, as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    /// <summary>The program: an endpoint and a number of connections. It ends with its standard input, if nobody ends it before.</summary>
    public static async Task<int> Main(string[] args)
    {
        var (endPoint, count) = (IPEndPoint.Parse(args[0]), int.Parse(args[1], CultureInfo.InvariantCulture));
        var sockets = new List<Socket>(count);
        while (sockets.Count < count)
            sockets.AddRange(await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, count - sockets.Count)).Select(_ => ConnectAsync(endPoint))));
        Console.WriteLine(Held);
        var ended = Task.WhenAll(sockets.Select(socket => socket.ReceiveAsync(new byte[1])));

        // The console reads synchronously, whatever the method is called.
        var abandoned = Task.Run(Console.In.ReadLine);
        if (await Task.WhenAny(ended, abandoned) == ended) Console.WriteLine(Ended);
        await abandoned;
        return 0;
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint);
        return socket;
    }

    private async Task ExpectAsync(string line)
    {
        using var limit = new CancellationTokenSource(Limit);
        Assert.Equal(line, await _process.StandardOutput.ReadLineAsync(limit.Token));
    }
}
