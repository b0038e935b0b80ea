using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Membership.Protocol.Frames;

namespace Membership.Registry.Wire;

/// <summary>Writes the answers of one connection, and knows since when the client takes nothing.</summary>
/// <param name="output">Where to.</param>
/// <param name="time">The clock.</param>
/// <remarks>For one writer at a time; <see cref="IsStalled"/> from any thread.</remarks>
internal sealed class AnswerSender(PipeWriter output, TimeProvider time)
{
    // A large answer goes out in pieces: each that is taken shows that the client reads.
    private const int PieceBytes = 16 * 1024;
    private const long NotWaiting = -1;

    private long _waitingSince = NotWaiting;

    /// <summary>Whether the client has taken nothing for so long, while there was something to take.</summary>
    public bool IsStalled(TimeSpan limit) =>
        Interlocked.Read(ref _waitingSince) is var since and not NotWaiting && time.GetElapsedTime(since) > limit;

    /// <summary>Writes one answer. A small one may wait in memory for <see cref="FlushAsync"/>.</summary>
    /// <returns>False when the connection is broken.</returns>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> content)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(Frame.HeaderBytes), content.Length);
        output.Advance(Frame.HeaderBytes);
        while (content.Length > PieceBytes)
        {
            output.Write(content.Span[..PieceBytes]);
            content = content[PieceBytes..];
            if (!await FlushAsync()) return false;
        }

        output.Write(content.Span);
        return output.UnflushedBytes < PieceBytes || await FlushAsync();
    }

    /// <summary>Sends what was written.</summary>
    /// <returns>False when the connection is broken.</returns>
    public async ValueTask<bool> FlushAsync()
    {
        Interlocked.Exchange(ref _waitingSince, time.GetTimestamp());
        try
        {
            var flushed = await output.FlushAsync();
            return !flushed.IsCompleted && !flushed.IsCanceled;
        }
        finally
        {
            Interlocked.Exchange(ref _waitingSince, NotWaiting);
        }
    }
}
