using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Membership.Benchmarks.Replicas;
using Membership.Protocol.Frames;

namespace Membership.Benchmarks.Signed;

/// <summary>A connection that sends frames made before, so many ahead, and looks no further at an answer than whether it is a success.</summary>
internal sealed class BareConnection : IDisposable
{
    private readonly NetworkStream _stream;
    private readonly PipeReader _answers;

    private BareConnection(Socket socket)
    {
        _stream = new(socket, ownsSocket: true);
        _answers = PipeReader.Create(_stream);
    }

    public static async Task<BareConnection> OpenAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(ReplicaPlan.Loopback(port));
        return new(socket);
    }

    /// <summary>Sends all requests and waits for all answers.</summary>
    /// <exception cref="InvalidOperationException">An answer was an error.</exception>
    public async Task SendAsync(SignedBatch batch, int ahead)
    {
        var (sent, answered) = (0, 0);
        while (answered < batch.Ends.Length)
        {
            var until = Math.Min(batch.Ends.Length, answered + ahead);
            if (until > sent)
            {
                var from = sent == 0 ? 0 : batch.Ends[sent - 1];
                await _stream.WriteAsync(batch.Frames[from..batch.Ends[until - 1]]);
                sent = until;
            }

            answered += await ReadAnswersAsync();
        }
    }

    public void Dispose() => _stream.Dispose();

    private async ValueTask<int> ReadAnswersAsync()
    {
        var read = await _answers.ReadAsync();
        if (read.IsCompleted) throw new InvalidOperationException("The replica closed the connection.");
        var buffer = read.Buffer;
        var count = 0;
        while (Frame.Read(ref buffer, Frame.BytesMax, out var content) == FrameStatus.Complete)
        {
            RequireSuccess(content);
            count++;
        }

        _answers.AdvanceTo(buffer.Start, buffer.End);
        return count;
    }

    private static void RequireSuccess(ReadOnlySequence<byte> content)
    {
        if (!content.ToArray().AsSpan().StartsWith("{\"type\":\"error\""u8)) return;
        throw new InvalidOperationException(System.Text.Encoding.UTF8.GetString(content.ToArray()));
    }
}
