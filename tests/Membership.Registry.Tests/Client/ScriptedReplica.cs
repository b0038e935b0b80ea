using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Channels;
using Membership.Client;
using Membership.Protocol.Frames;

namespace Membership.Registry.Tests.Client;

/// <summary>
/// Listens on loopback and answers requests as the test says: with a text, with <see cref="Close"/> or with <see cref="Silence"/>. Reads
/// ahead as a replica does, and answers in order.
/// </summary>
internal sealed class ScriptedReplica : IAsyncDisposable
{
    /// <summary>Closes the connection instead of an answer.</summary>
    public const string Close = "close";

    /// <summary>Neither answers this request nor any later one of the connection.</summary>
    public const string Silence = "silence";

    /// <summary>Begins an answer that goes out together with the next one.</summary>
    public const string WithNext = "with next: ";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<ScriptedRequest, Task<string>> _script;
    private readonly X509Certificate2? _certificate;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<ScriptedRequest> _requests = new();
    private int _connections;

    private ScriptedReplica(Func<ScriptedRequest, Task<string>> script, X509Certificate2? certificate)
    {
        (_script, _certificate) = (script, certificate);
        _listener.Start();
        _ = AcceptAsync();
    }

    public ReplicaEndPoint EndPoint => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    public IReadOnlyList<ScriptedRequest> Requests => [.. _requests];

    public int ConnectionCount => Volatile.Read(ref _connections);

    public static ScriptedReplica Start(Func<ScriptedRequest, string> script, X509Certificate2? certificate = null) =>
        new(request => Task.FromResult(script(request)), certificate);

    public static ScriptedReplica Start(Func<ScriptedRequest, Task<string>> script) => new(script, null);

    public ValueTask DisposeAsync()
    {
        _stop.Cancel();
        _listener.Stop();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        var number = Interlocked.Increment(ref _connections);
        try
        {
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                var secured = new SslStream(stream);
                await secured.AuthenticateAsServerAsync(_certificate);
                stream = secured;
            }

            var waiting = Channel.CreateUnbounded<ScriptedRequest>();
            var reading = ReadAsync(stream, number, waiting.Writer);
            await AnswerAsync(stream, waiting.Reader);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Closed by either side.
        }
    }

    private async Task ReadAsync(Stream stream, int connection, ChannelWriter<ScriptedRequest> waiting)
    {
        try
        {
            var input = PipeReader.Create(stream);
            while (await input.ReadAsync(_stop.Token) is { IsCompleted: false } read)
            {
                var buffer = read.Buffer;
                while (Frame.Read(ref buffer, Frame.BytesMax, out var content) == FrameStatus.Complete)
                {
                    var request = new ScriptedRequest(connection, Encoding.UTF8.GetString(content.ToArray()));
                    _requests.Enqueue(request);
                    waiting.TryWrite(request);
                }

                input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed by either side.
        }

        waiting.TryComplete();
    }

    private async Task AnswerAsync(Stream stream, ChannelReader<ScriptedRequest> waiting)
    {
        var frames = new ArrayBufferWriter<byte>();
        await foreach (var request in waiting.ReadAllAsync(_stop.Token))
        {
            switch (await _script(request))
            {
                case Close:
                    return;
                case Silence:
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                    break;
                case var held when held.StartsWith(WithNext, StringComparison.Ordinal):
                    Frame.Write(frames, Encoding.UTF8.GetBytes(held[WithNext.Length..]));
                    break;
                case var answer:
                    Frame.Write(frames, Encoding.UTF8.GetBytes(answer));
                    await stream.WriteAsync(frames.WrittenMemory, _stop.Token);
                    frames.ResetWrittenCount();
                    break;
            }
        }
    }
}
