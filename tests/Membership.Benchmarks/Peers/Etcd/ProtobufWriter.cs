using System.Buffers;

namespace Membership.Benchmarks.Peers.Etcd;

/// <summary>As much of protocol buffers as etcd's requests need: numbers, bytes and messages within messages.</summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0;
    private const int LengthDelimited = 2;

    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public ProtobufWriter Number(int field, ulong value)
    {
        WriteVarint((ulong)(field << 3 | Varint));
        WriteVarint(value);
        return this;
    }

    public ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        WriteVarint((ulong)(field << 3 | LengthDelimited));
        WriteVarint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public ProtobufWriter Message(int field, ProtobufWriter message) => Bytes(field, message.Written);

    private void WriteVarint(ulong value)
    {
        var span = _bytes.GetSpan(10);
        var length = 0;
        for (; value >= 0x80; value >>= 7) span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        _bytes.Advance(length);
    }
}
