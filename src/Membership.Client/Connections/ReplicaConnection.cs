using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Membership.Protocol.Answers;
using Membership.Protocol.Frames;

namespace Membership.Client;

/// <summary>One connection: requests go out one after another without waiting, and the answers come in their order.</summary>
/// <remarks>
/// Source: command specification, section 7. Once broken it stays so, and every request on it is lost. It breaks when it is closed, when
/// the replica makes no progress for the answer limit, and when an answer does not belong to the request whose turn it is. Thread-safe.
/// </remarks>
internal sealed class ReplicaConnection : IThreadPoolWorkItem, IDisposable
{
    /// <summary>Requests under way; a replica reads no more than these.</summary>
    public const int InFlightMax = 64;

    private readonly Stream _stream;
    private readonly AnswerBuffer _input = new();
    private readonly Watchdog _watchdog;
    private readonly SemaphoreSlim _slots = new(InFlightMax);
    private readonly Lock _gate = new();
    private readonly Queue<PendingAnswer> _pending = new();
    private readonly Queue<ReadOnlyMemory<byte>> _unsent = new();
    private readonly Action _onRead;
    private ValueTaskAwaiter<int> _reading;
    private bool _isWriting;
    private volatile bool _isBroken;

    private ReplicaConnection(Stream stream, bool isPrivate, TimeSpan answerLimit, TimeProvider time)
    {
        (_stream, IsPrivate) = (stream, isPrivate);
        _watchdog = new(answerLimit, time, _gate, Break);
        _onRead = () => ReadOn(hasArrived: true);
        ReadOn(hasArrived: false);
    }

    /// <summary>Whether nobody on a network can read along: TLS, or this machine.</summary>
    public bool IsPrivate { get; }

    public bool IsBroken => _isBroken;

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
    /// <param name="patience">Stops the wait; what was begun to be written is written to its end.</param>
    public Task<Attempt> SendAsync(SealedRequest request, Patience patience) =>
        _slots.Wait(0) ? Send(request, patience) : SendLaterAsync(request, patience);

    /// <summary>Closes it; requests under way are lost.</summary>
    public void Dispose() => Break();

    private async Task<Attempt> SendLaterAsync(SealedRequest request, Patience patience)
    {
        try
        {
            await _slots.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return Attempt.NotSent;
        }

        return await Send(request, patience);
    }

    private Task<Attempt> Send(SealedRequest request, Patience patience)
    {
        var pending = new PendingAnswer(request.Type);
        var (isFirst, isOneOfMany) = (false, ArrivedAnswers.AreManyHandedOver);
        lock (_gate)
        {
            if (_isBroken)
            {
                _slots.Release();
                return Attempt.NotSentTask;
            }

            _pending.Enqueue(pending);
            if (_pending.Count == 1) _watchdog.Begin();
            isFirst = !_isWriting;
            if (!isFirst || isOneOfMany) _unsent.Enqueue(request.Frame);
            _isWriting = true;
        }

        // Those that follow go out with it. It does not wait for them: who goes on with an answer may do so for long.
        if (isFirst && isOneOfMany) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        else if (isFirst) _ = WriteAsync(request.Frame);
        patience.WaitFor(pending);
        return pending.Task;
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (TryTakeUnsent(out var frames)) _ = WriteAsync(frames);
    }

    // Runs apart from the requests, whose callers may give up, because half a frame would spoil the connection for everybody. Mostly the
    // socket takes a frame at once; what comes while it does not goes out together afterwards.
    private async Task WriteAsync(ReadOnlyMemory<byte> frames)
    {
        try
        {
            do await _stream.WriteAsync(frames);
            while (TryTakeUnsent(out frames));
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            Break();
        }
    }

    // Without any the writer is done.
    private bool TryTakeUnsent(out ReadOnlyMemory<byte> frames)
    {
        lock (_gate)
        {
            _isWriting = _unsent.TryDequeue(out frames);
            if (_unsent.Count == 0) return _isWriting;
            var all = new ArrayBufferWriter<byte>(frames.Length + _unsent.Sum(frame => frame.Length));
            all.Write(frames.Span);
            while (_unsent.TryDequeue(out var frame)) all.Write(frame.Span);
            frames = all.WrittenMemory;
            return true;
        }
    }

    // Those who wait for an answer go on within this call, on the thread that read it. So the next read is under way before: whatever they
    // do, the connection's other answers arrive.
    private void ReadOn(bool hasArrived)
    {
        var arrived = default(ArrivedAnswers);
        try
        {
            var isOpen = !hasArrived || TryTake(_reading.GetResult(), ref arrived);
            while (isOpen)
            {
#pragma warning disable CA2012 // The result is taken once: here, or by whoever the awaiter calls.
                var reading = _stream.ReadAsync(_input.Free).GetAwaiter();
#pragma warning restore CA2012
                if (!reading.IsCompleted)
                {
                    _reading = reading;
                    reading.UnsafeOnCompleted(_onRead);
                    break;
                }

                isOpen = TryTake(reading.GetResult(), ref arrived);
            }

            if (!isOpen) Break();
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            // The end, as good as any other.
            Break();
        }

        arrived.HandOver();
    }

    // False at the end, and when what arrived is not to be believed.
    private bool TryTake(int count, ref ArrivedAnswers arrived)
    {
        _input.Advance(count);
        while (count > 0)
        {
            switch (_input.Take(out var content))
            {
                case FrameStatus.Incomplete:
                    return true;
                case FrameStatus.Complete when Answer.TryParse(content, out var answer) && TryDequeue(answer, ref arrived):
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    private bool TryDequeue(Answer answer, ref ArrivedAnswers arrived)
    {
        lock (_gate)
        {
            if (!_pending.TryPeek(out var pending) || !pending.Accepts(answer)) return false;
            arrived.Add(_pending.Dequeue(), answer);
            if (_pending.Count > 0) _watchdog.Begin();
            else _watchdog.Rest();
        }

        _slots.Release();
        return true;
    }

    private void Break()
    {
        List<PendingAnswer> lost;
        lock (_gate)
        {
            if (_isBroken) return;
            _isBroken = true;
            lost = [.. _pending];
            _pending.Clear();
            _unsent.Clear();
        }

        _watchdog.Dispose();
        _stream.Dispose();
        foreach (var pending in lost) pending.GiveUp();
        if (lost.Count > 0) _slots.Release(lost.Count);
    }

    private static bool IsOfConnection(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or InvalidOperationException;
}
