using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Membership.Benchmarks.Peers.Etcd;

/// <summary>
/// One HTTP/2 connection that makes unary gRPC calls with as little work as possible: what is measured is the server. Many calls share it;
/// what they write at the same time goes out together.
/// </summary>
/// <remarks>
/// A call succeeded when a message came back: a server sends none with an error. So answers' headers are not read at all. Source: RFC 9113.
/// Thread-safe.
/// </remarks>
internal sealed class GrpcConnection : IDisposable
{
    private const int FrameHeader = 9;
    private const int MessageHeader = 5;
    private const int StreamWindow = 1 << 20;
    private const int GrantAt = 1 << 24;

    private readonly Lock _gate = new();
    private readonly NetworkStream _stream;
    private readonly Dictionary<int, Call> _calls = [];
    private ArrayBufferWriter<byte> _pending = new();
    private ArrayBufferWriter<byte> _writing = new();
    private int _nextStream = 1;
    private long _sendWindow = 65_535;
    private long _received;
    private bool _isWriting;
    private Exception? _failure;

    private GrpcConnection(Socket socket)
    {
        _stream = new(socket, ownsSocket: true);
        lock (_gate)
        {
            _pending.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
            // The header of the settings, then the one setting: the window of a stream.
            Span<byte> setting = stackalloc byte[6];
            BinaryPrimitives.WriteUInt16BigEndian(setting, 4);
            BinaryPrimitives.WriteInt32BigEndian(setting[2..], StreamWindow);
            WriteFrame(FrameKind.Settings, 0, 0, setting);
            WriteWindowUpdate(2 * GrantAt);
        }

        Flush();
        _ = ReadAsync();
    }

    public static async Task<GrpcConnection> OpenAsync(IPEndPoint server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server);
        return new(socket);
    }

    /// <summary>Calls a method.</summary>
    /// <returns>The message of the answer; null when the server answered with an error.</returns>
    /// <exception cref="IOException">The connection is broken.</exception>
    public Task<byte[]?> CallAsync(GrpcMethod method, ReadOnlySpan<byte> message)
    {
        var call = new Call();
        lock (_gate)
        {
            if (_failure is not null) throw new IOException("The connection is broken.", _failure);
            var stream = _nextStream;
            _nextStream += 2;
            _calls.Add(stream, call);
            _sendWindow -= MessageHeader + message.Length;
            // The server grants more as soon as a quarter is used: with small requests the window never closes.
            if (_sendWindow < 0) throw new InvalidOperationException("The server's window is full.");
            WriteFrame(FrameKind.Headers, FrameFlags.EndHeaders, stream, method.HeaderBlock);
            WriteFrameHeader(FrameKind.Data, FrameFlags.EndStreamOrAcknowledged, stream, MessageHeader + message.Length);
            var prefix = _pending.GetSpan(MessageHeader);
            prefix[0] = 0;
            BinaryPrimitives.WriteInt32BigEndian(prefix[1..], message.Length);
            _pending.Advance(MessageHeader);
            _pending.Write(message);
        }

        Flush();
        return call.Answered.Task;
    }

    public void Dispose() => _stream.Dispose();

    private void Flush()
    {
        lock (_gate)
        {
            if (_isWriting) return;
            _isWriting = true;
        }

        _ = WriteAsync();
    }

    private async Task WriteAsync()
    {
        // Whoever is ready to write by then shares the system call.
        await Task.Yield();
        try
        {
            while (TakePending())
            {
                await _stream.WriteAsync(_writing.WrittenMemory);
                _writing.ResetWrittenCount();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Break(e);
        }
    }

    private bool TakePending()
    {
        lock (_gate)
        {
            _isWriting = _pending.WrittenCount > 0;
            (_pending, _writing) = (_writing, _pending);
            return _isWriting;
        }
    }

    private async Task ReadAsync()
    {
        var input = PipeReader.Create(_stream, new(bufferSize: 64 * 1024));
        try
        {
            while (true)
            {
                var read = await input.ReadAsync();
                if (read.IsCompleted) throw new IOException("The server closed the connection.");
                var buffer = read.Buffer;
                while (TryTakeFrame(ref buffer))
                {
                }

                input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Break(e);
        }
    }

    private bool TryTakeFrame(ref ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < FrameHeader) return false;
        Span<byte> header = stackalloc byte[FrameHeader];
        buffer.Slice(0, FrameHeader).CopyTo(header);
        var length = header[0] << 16 | header[1] << 8 | header[2];
        if (buffer.Length < FrameHeader + length) return false;
        var stream = BinaryPrimitives.ReadInt32BigEndian(header[5..]) & int.MaxValue;
        OnFrame((FrameKind)header[3], (FrameFlags)header[4], stream, buffer.Slice(FrameHeader, length));
        buffer = buffer.Slice(FrameHeader + length);
        return true;
    }

    private void OnFrame(FrameKind kind, FrameFlags flags, int stream, in ReadOnlySequence<byte> payload)
    {
        switch (kind)
        {
            case FrameKind.Data:
                OnData(stream, payload);
                break;
            case FrameKind.Headers when flags.HasFlag(FrameFlags.EndStreamOrAcknowledged):
            case FrameKind.ResetStream:
                Complete(stream);
                break;
            case FrameKind.Settings when !flags.HasFlag(FrameFlags.EndStreamOrAcknowledged):
                lock (_gate) WriteFrame(FrameKind.Settings, FrameFlags.EndStreamOrAcknowledged, 0, []);
                Flush();
                break;
            case FrameKind.Ping when !flags.HasFlag(FrameFlags.EndStreamOrAcknowledged):
                lock (_gate) WriteFrame(FrameKind.Ping, FrameFlags.EndStreamOrAcknowledged, 0, payload.ToArray());
                Flush();
                break;
            case FrameKind.WindowUpdate when stream == 0:
                lock (_gate) _sendWindow += BinaryPrimitives.ReadInt32BigEndian(payload.ToArray());
                break;
            case FrameKind.GoAway:
                throw new IOException("The server goes away.");
            default:
                break;
        }
    }

    private void OnData(int stream, in ReadOnlySequence<byte> payload)
    {
        lock (_gate)
        {
            if (_calls.TryGetValue(stream, out var call)) call.Message = [.. call.Message, .. payload.ToArray()];
            _received += payload.Length;
            if (_received < GrantAt) return;
            WriteWindowUpdate((int)_received);
            _received = 0;
        }

        Flush();
    }

    private void Complete(int stream)
    {
        Call? call;
        lock (_gate)
        {
            if (!_calls.Remove(stream, out call)) return;
        }

        call.Answered.SetResult(call.Message.Length > MessageHeader ? call.Message[MessageHeader..] : null);
    }

    private void Break(Exception failure)
    {
        List<Call> lost;
        lock (_gate)
        {
            _failure ??= failure;
            lost = [.. _calls.Values];
            _calls.Clear();
        }

        foreach (var call in lost) call.Answered.SetException(new IOException("The connection is broken.", failure));
    }

    private void WriteWindowUpdate(int more)
    {
        Span<byte> increment = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(increment, more);
        WriteFrame(FrameKind.WindowUpdate, 0, 0, increment);
    }

    private void WriteFrame(FrameKind kind, FrameFlags flags, int stream, ReadOnlySpan<byte> payload)
    {
        WriteFrameHeader(kind, flags, stream, payload.Length);
        _pending.Write(payload);
    }

    private void WriteFrameHeader(FrameKind kind, FrameFlags flags, int stream, int length)
    {
        var header = _pending.GetSpan(FrameHeader);
        BinaryPrimitives.WriteInt32BigEndian(header, length << 8 | (byte)kind);
        header[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        _pending.Advance(FrameHeader);
    }

    private enum FrameKind : byte
    {
        Data = 0,
        Headers = 1,
        ResetStream = 3,
        Settings = 4,
        Ping = 6,
        GoAway = 7,
        WindowUpdate = 8,
    }

    [Flags]
    private enum FrameFlags : byte
    {
        None = 0,
        EndStreamOrAcknowledged = 1,
        EndHeaders = 4,
    }

    private sealed class Call
    {
        public TaskCompletionSource<byte[]?> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[] Message { get; set; } = [];
    }
}
