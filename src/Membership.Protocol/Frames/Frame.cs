using System.Buffers;
using System.Buffers.Binary;

namespace Membership.Protocol.Frames;

/// <summary>A frame of the wire: a length of 4 bytes, big-endian, then that many bytes of one JSON object.</summary>
/// <remarks>Source: command specification, section 7. Thread-safe.</remarks>
public static class Frame
{
    /// <summary>Bytes of the length.</summary>
    public const int HeaderBytes = 4;

    /// <summary>The most content that a frame may have, in bytes: 4 MiB.</summary>
    public const int BytesMax = 4 * 1024 * 1024;

    /// <summary>The most content of a frame while its connection has shown no valid credential, in bytes: 256 KiB.</summary>
    public const int AnonymousBytesMax = 256 * 1024;

    /// <summary>Takes one frame from the front of what has arrived.</summary>
    /// <param name="buffer">What has arrived; behind the frame when there was a whole one, else unchanged.</param>
    /// <param name="bytesMax">The most content allowed, 1 to <see cref="BytesMax"/> bytes.</param>
    /// <param name="content">The content, a part of the buffer and not a copy; empty unless the frame is whole.</param>
    /// <returns>
    /// <see cref="FrameStatus.Invalid"/> as soon as the length is there and is 0 or over the limit: answer
    /// <see cref="Code.InvalidFrame"/> and close.
    /// </returns>
    public static FrameStatus Read(ref ReadOnlySequence<byte> buffer, int bytesMax, out ReadOnlySequence<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytesMax, BytesMax);
        content = default;
        if (buffer.Length < HeaderBytes) return FrameStatus.Incomplete;
        Span<byte> header = stackalloc byte[HeaderBytes];
        buffer.Slice(0, HeaderBytes).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (length == 0 || length > bytesMax) return FrameStatus.Invalid;
        if (buffer.Length < HeaderBytes + length) return FrameStatus.Incomplete;
        content = buffer.Slice(HeaderBytes, length);
        buffer = buffer.Slice(content.End);
        return FrameStatus.Complete;
    }

    /// <summary>Writes one frame.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="content">1 to <see cref="BytesMax"/> bytes.</param>
    /// <exception cref="ArgumentException">The content is empty or too long.</exception>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> content)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (content.Length is 0 or > BytesMax) throw new ArgumentException("A frame has 1 byte to 4 MiB.", nameof(content));
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(HeaderBytes), content.Length);
        output.Advance(HeaderBytes);
        output.Write(content);
    }

    /// <summary>One frame, in memory of its own.</summary>
    /// <param name="content">1 to <see cref="BytesMax"/> bytes.</param>
    /// <exception cref="ArgumentException">The content is empty or too long.</exception>
    internal static byte[] Of(ReadOnlySpan<byte> content)
    {
        if (content.Length is 0 or > BytesMax) throw new ArgumentException("A frame has 1 byte to 4 MiB.", nameof(content));
        var frame = GC.AllocateUninitializedArray<byte>(HeaderBytes + content.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame, content.Length);
        content.CopyTo(frame.AsSpan(HeaderBytes));
        return frame;
    }
}
