using System.Buffers;
using System.Buffers.Binary;

namespace Membership.Protocol.Frames;

/// <summary>
/// Room for one frame in the making: whoever writes the content does not know its length before, and the length comes first.
/// </summary>
/// <remarks>
/// For one thread at a time. Its memory is rented when the first byte comes: an answer may be long in coming, and thousands of them at a time.
/// Dispose it.
/// </remarks>
internal sealed class FrameBuffer : IBufferWriter<byte>, IDisposable
{
    private const int BytesFirst = 1024;
    private const int BytesKept = 64 * 1024;
    private byte[] _bytes = [];

    /// <summary>Bytes of content so far.</summary>
    public int ContentLength { get; private set; }

    /// <summary>The content so far; valid until something else is done with the buffer.</summary>
    public ReadOnlyMemory<byte> Content => ContentLength == 0 ? default : _bytes.AsMemory(Frame.HeaderBytes, ContentLength);

    /// <summary>Forgets the content, to begin another frame. One large answer does not keep its room for good.</summary>
    public void Clear()
    {
        ContentLength = 0;
        if (_bytes.Length > BytesKept) Replace([]);
    }

    /// <summary>The frame; valid until something else is done with the buffer.</summary>
    public ReadOnlyMemory<byte> ToFrame()
    {
        if (_bytes.Length == 0) Grow(0, BytesFirst);
        BinaryPrimitives.WriteInt32BigEndian(_bytes, ContentLength);
        return _bytes.AsMemory(0, Frame.HeaderBytes + ContentLength);
    }

    public void Advance(int count) => ContentLength += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var used = Frame.HeaderBytes + ContentLength;
        if (_bytes.Length - used < Math.Max(sizeHint, 1)) Grow(used, Math.Max(sizeHint, BytesFirst));
        return _bytes.AsMemory(used);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose() => Replace([]);

    private void Grow(int used, int more)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(used + more, 2 * _bytes.Length));
        _bytes.AsSpan(0, Math.Min(used, _bytes.Length)).CopyTo(larger);
        Replace(larger);
    }

    private void Replace(byte[] bytes)
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = bytes;
    }
}
