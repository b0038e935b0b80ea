using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Membership.Protocol.Frames;

namespace Membership.Registry.Wire;

/// <summary>Reads the frames of one connection, and accounts for their bytes from the first that arrives.</summary>
/// <param name="input">Where they come from.</param>
/// <param name="options">The largest frame.</param>
/// <param name="room">The room that all connections share.</param>
/// <param name="memory">Says whether the connection has shown a valid credential: its frames may be larger then.</param>
/// <param name="socket">Knows what has arrived and was not handed on yet; null where there is none.</param>
/// <remarks>For one reader at a time; <see cref="Cancel"/> from any thread.</remarks>
internal sealed class FrameReader(PipeReader input, WireOptions options, UnansweredBytes room, ClientMemory memory, Socket? socket) : IDisposable
{
    private long _held;

    /// <summary>Whether nothing of the last frame had arrived when it was asked for.</summary>
    public bool WasQuiet { get; private set; }

    /// <summary>Reads the next frame. The bytes of a whole one count as held until whoever calls <see cref="Pass"/> releases them.</summary>
    /// <param name="settle">Waits for the answers under way: one of them may show the credential that a large frame needs.</param>
    public async ValueTask<ReceivedFrame> ReadAsync(Func<Task> settle)
    {
        var reading = input.ReadAsync();
        WasQuiet = !reading.IsCompleted && (!memory.IsRefusing || !HasArrivedMore());
        while (true)
        {
            var read = await reading;
            if (read.IsCanceled) return default;
            if (IsTooLargeForStranger(read.Buffer)) await settle();
            if (TryTake(read.Buffer, out var frame)) return frame;
            if (read.IsCompleted) return default;
            reading = input.ReadAsync();
        }
    }

    /// <summary>Reads and forgets what still comes, until the client closes or has sent nothing for a while.</summary>
    public async Task DiscardAsync(TimeSpan quiet, TimeSpan limit, TimeProvider time)
    {
        var began = time.GetTimestamp();
        try
        {
            while (time.GetElapsedTime(began) < limit)
            {
                using var silence = new CancellationTokenSource(quiet, time);
                var read = await input.ReadAsync(silence.Token);
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) return;
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>The present or the next read ends with nothing.</summary>
    public void Cancel() => input.CancelPendingRead();

    /// <summary>The bytes that are held for the last frame; from now on the caller's to release.</summary>
    public long Pass() => Interlocked.Exchange(ref _held, 0);

    /// <inheritdoc/>
    public void Dispose() => room.Release(Pass());

    // The transport hands on one piece, and takes the next from the socket when that is worked off.
    private bool HasArrivedMore()
    {
        try
        {
            return socket is { Available: > 0 };
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            return false;
        }
    }

    private int BytesMax => memory.IsKnown ? options.FrameBytesMax : options.AnonymousFrameBytesMax;

    private bool IsTooLargeForStranger(ReadOnlySequence<byte> buffer) =>
        !memory.IsKnown && Frame.Read(ref buffer, BytesMax, out _) == FrameStatus.Invalid;

    private bool TryTake(ReadOnlySequence<byte> buffer, out ReceivedFrame frame)
    {
        var (start, end) = (buffer.Start, buffer.End);
        switch (Frame.Read(ref buffer, BytesMax, out var content))
        {
            case FrameStatus.Invalid:
                input.AdvanceTo(start, end);
                frame = ReceivedFrame.Refused(ErrorContent.InvalidFrame);
                return true;
            case FrameStatus.Complete:
                frame = TryHold(content.Length) ? ReceivedFrame.Of(content.ToArray()) : ReceivedFrame.Refused(ErrorContent.Overloaded);
                input.AdvanceTo(buffer.Start);
                return true;
            default:
                frame = ReceivedFrame.Refused(ErrorContent.OverloadedClosing);
                var hasRoom = TryHold(Math.Max(buffer.Length - Frame.HeaderBytes, 0));
                input.AdvanceTo(start, end);
                return !hasRoom;
        }
    }

    // What has arrived of a frame counts, not what its length announces: an announcement costs its sender nothing.
    private bool TryHold(long bytes)
    {
        if (bytes <= _held) return true;
        if (!room.TryTake(bytes - _held, memory.IsKnown))
        {
            Dispose();
            return false;
        }

        _held = bytes;
        return true;
    }
}
