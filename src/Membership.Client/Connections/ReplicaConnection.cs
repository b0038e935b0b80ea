using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Membership.Protocol.Answers;
using Membership.Protocol.Frames;

namespace Membership.Client;

/// <summary>One connection: requests go out one after another without waiting, and the answers come in their order.</summary>
/// <remarks>
/// Source: command specification, section 7. Once broken it stays so, and every request on it is lost. It breaks when it is closed, when
/// the replica makes no progress for the answer limit, and when an answer does not belong to the request whose turn it is. Thread-safe.
/// </remarks>
internal sealed class ReplicaConnection : IDisposable
{
    /// <summary>Requests under way; a replica reads no more than these.</summary>
    public const int InFlightMax = 64;

    private readonly Stream _stream;
    private readonly TimeSpan _answerLimit;
    private readonly ITimer _watchdog;
    private readonly SemaphoreSlim _slots = new(InFlightMax);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Lock _gate = new();
    private readonly Queue<Pending> _pending = new();
    private bool _isBroken;

    private ReplicaConnection(Stream stream, bool isPrivate, TimeSpan answerLimit, TimeProvider time)
    {
        (_stream, IsPrivate, _answerLimit) = (stream, isPrivate, answerLimit);
        _watchdog = time.CreateTimer(_ => Break(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ = ReadAnswersAsync();
    }

    /// <summary>Whether nobody on a network can read along: TLS, or this machine.</summary>
    public bool IsPrivate { get; }

    public bool IsBroken
    {
        get
        {
            lock (_gate) return _isBroken;
        }
    }

    /// <summary>Connects; null when that fails.</summary>
    public static async Task<ReplicaConnection?> OpenAsync(
        ReplicaEndPoint replica, ClientTls? tls, TimeSpan answerLimit, TimeProvider time, CancellationToken giveUp)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(replica.Host, replica.Port, giveUp);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (tls is not null)
            {
                var secured = new SslStream(stream);
                stream = secured;
                await secured.AuthenticateAsClientAsync(tls.ToOptions(replica.Host), giveUp);
            }

            var isLoopback = socket.RemoteEndPoint is IPEndPoint { Address: var address } && IPAddress.IsLoopback(
                address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
            return new(stream, tls is not null || isLoopback, answerLimit, time);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            if (stream is not null) await stream.DisposeAsync();
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="giveUp">Stops the wait; what was begun to be written is written to its end.</param>
    public async Task<Attempt> SendAsync(SealedRequest request, CancellationToken giveUp)
    {
        var pending = new Pending(request.Type);
        try
        {
            await _slots.WaitAsync(giveUp);
            try
            {
                await _writing.WaitAsync(giveUp);
            }
            catch (OperationCanceledException)
            {
                _slots.Release();
                throw;
            }
        }
        catch (OperationCanceledException)
        {
            return Attempt.NotSent;
        }

        if (!TryEnqueue(pending))
        {
            _writing.Release();
            _slots.Release();
            return Attempt.NotSent;
        }

        _ = WriteAsync(request.Frame);
        try
        {
            return new(WasSent: true, await pending.Answered.Task.WaitAsync(giveUp));
        }
        catch (OperationCanceledException)
        {
            return Attempt.Lost;
        }
    }

    /// <summary>Closes it; requests under way are lost.</summary>
    public void Dispose() => Break();

    // Runs apart from the request, whose caller may give up, because half a frame would spoil the connection for everybody.
    private async Task WriteAsync(ReadOnlyMemory<byte> frame)
    {
        try
        {
            await _stream.WriteAsync(frame);
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            Break();
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAnswersAsync()
    {
        var input = PipeReader.Create(_stream, new(leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await input.ReadAsync();
                var buffer = read.Buffer;
                if (!TryTakeFrames(ref buffer) || read.IsCompleted) return;
                input.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            // The end, as good as any other.
        }
        finally
        {
            Break();
        }
    }

    private bool TryTakeFrames(ref ReadOnlySequence<byte> buffer)
    {
        while (true)
        {
            switch (Frame.Read(ref buffer, Frame.BytesMax, out var content))
            {
                case FrameStatus.Incomplete:
                    return true;
                case FrameStatus.Complete when Answer.TryParse(content.ToArray(), out var answer) && TryDequeue(answer):
                    break;
                default:
                    return false;
            }
        }
    }

    private bool TryEnqueue(Pending pending)
    {
        lock (_gate)
        {
            if (_isBroken) return false;
            _pending.Enqueue(pending);
            if (_pending.Count == 1) Watch(_answerLimit);
            return true;
        }
    }

    private bool TryDequeue(Answer answer)
    {
        Pending? pending;
        lock (_gate)
        {
            if (!_pending.TryPeek(out pending) || !pending.Accepts(answer)) return false;
            _pending.Dequeue();
            Watch(_pending.Count > 0 ? _answerLimit : Timeout.InfiniteTimeSpan);
        }

        pending.Answered.SetResult(answer);
        _slots.Release();
        return true;
    }

    private void Watch(TimeSpan limit) => _watchdog.Change(limit, Timeout.InfiniteTimeSpan);

    private void Break()
    {
        List<Pending> lost;
        lock (_gate)
        {
            if (_isBroken) return;
            _isBroken = true;
            lost = [.. _pending];
            _pending.Clear();
        }

        _watchdog.Dispose();
        _stream.Dispose();
        foreach (var pending in lost) pending.Answered.SetResult(null);
        if (lost.Count > 0) _slots.Release(lost.Count);
    }

    private static bool IsOfConnection(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;

    private sealed class Pending(string type)
    {
        private readonly string _success = type + "_ok";

        public TaskCompletionSource<Answer?> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Accepts(Answer answer) => answer.IsError || answer.Type == _success;
    }
}
