using System.Buffers;
using Membership.Protocol.Frames;

namespace Membership.Client;

/// <summary>Bytes that arrived on a connection, until a whole frame of them is there.</summary>
/// <remarks>For one reader at a time.</remarks>
internal sealed class AnswerBuffer
{
    private const int BytesFirst = 4 * 1024;
    private const int BytesKept = 64 * 1024;

    private byte[] _bytes = new byte[BytesFirst];
    private int _start;
    private int _end;

    /// <summary>Where the next bytes go; never empty.</summary>
    public Memory<byte> Free
    {
        get
        {
            MakeRoom();
            return _bytes.AsMemory(_end);
        }
    }

    /// <summary>So many bytes have arrived there.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>Takes a frame.</summary>
    /// <param name="content">Its content, valid until <see cref="Free"/> is asked for.</param>
    public FrameStatus Take(out ReadOnlyMemory<byte> content)
    {
        var arrived = new ReadOnlySequence<byte>(_bytes, _start, _end - _start);
        var status = Frame.Read(ref arrived, Frame.BytesMax, out var inFrame);
        content = inFrame.First;
        _start = _end - (int)arrived.Length;
        return status;
    }

    // A part of a frame moves to the front; one large answer does not keep its room for good.
    private void MakeRoom()
    {
        var held = _end - _start;
        var isLarge = _bytes.Length > BytesKept && held < BytesFirst;
        if (!isLarge && held > 0 && _end < _bytes.Length) return;
        var room = isLarge ? new byte[BytesFirst] : held < _bytes.Length ? _bytes : new byte[2 * _bytes.Length];
        Buffer.BlockCopy(_bytes, _start, room, 0, held);
        (_bytes, _start, _end) = (room, 0, held);
    }
}
