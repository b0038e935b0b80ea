using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;

namespace Membership.Formats;

/// <summary>Writes MessagePack in its shortest form: one value has one encoding.</summary>
/// <remarks>
/// Every applied mutation writes some dozen fields several times over, for the digest and the audit trail. So they go straight into the
/// output's memory, which is asked for seldom. Source: MessagePack specification, formats.
/// </remarks>
internal ref struct FieldWriter(IBufferWriter<byte> output)
{
    // The longest header or number: a byte for the type and eight for the value.
    private const int ScalarMax = 9;
    private const int ChunkMin = 256;

    private readonly IBufferWriter<byte> _output = output;
    private Span<byte> _span;
    private int _used;

    /// <summary>Hands all written bytes to the output.</summary>
    public void Flush()
    {
        if (_used > 0) _output.Advance(_used);
        _span = default;
        _used = 0;
    }

    public void WriteArrayHeader(int count)
    {
        var span = Reserve(ScalarMax);
        if (count < 16) Put(span, (byte)(0x90 | count));
        else if (count <= ushort.MaxValue) Put16(span, 0xDC, (ushort)count);
        else Put32(span, 0xDD, (uint)count);
    }

    public void WriteMapHeader(int count)
    {
        var span = Reserve(ScalarMax);
        if (count < 16) Put(span, (byte)(0x80 | count));
        else if (count <= ushort.MaxValue) Put16(span, 0xDE, (ushort)count);
        else Put32(span, 0xDF, (uint)count);
    }

    public void WriteNil() => Put(Reserve(1), 0xC0);

    public void Write(bool value) => Put(Reserve(1), value ? (byte)0xC3 : (byte)0xC2);

    public void Write(byte value) => Write((ulong)value);

    public void Write(ushort value) => Write((ulong)value);

    public void Write(uint value) => Write((ulong)value);

    public void Write(ulong value)
    {
        var span = Reserve(ScalarMax);
        if (value < 0x80) Put(span, (byte)value);
        else if (value <= byte.MaxValue) Put8(span, 0xCC, (byte)value);
        else if (value <= ushort.MaxValue) Put16(span, 0xCD, (ushort)value);
        else if (value <= uint.MaxValue) Put32(span, 0xCE, (uint)value);
        else Put64(span, 0xCF, value);
    }

    public void Write(int value) => Write((long)value);

    public void Write(long value)
    {
        if (value >= 0)
        {
            Write((ulong)value);
            return;
        }

        var span = Reserve(ScalarMax);
        if (value >= -32) Put(span, (byte)value);
        else if (value >= sbyte.MinValue) Put8(span, 0xD0, (byte)value);
        else if (value >= short.MinValue) Put16(span, 0xD1, (ushort)value);
        else if (value >= int.MinValue) Put32(span, 0xD2, (uint)value);
        else Put64(span, 0xD3, (ulong)value);
    }

    public void Write(NetworkId value) => Write((ulong)value.Value);

    public void Write(NodeId value) => Write((ulong)value.Value);

    public void Write(NodeId? value)
    {
        if (value is { } node) Write(node);
        else WriteNil();
    }

    /// <summary>Writes a text, or nil.</summary>
    public void Write(string? value)
    {
        if (value is null)
        {
            WriteNil();
            return;
        }

        Write(value.AsSpan());
    }

    /// <summary>Writes the text of an actor.</summary>
    public void Write(Actor value)
    {
        Span<char> text = stackalloc char[Actor.TextLengthMax];
        Write((ReadOnlySpan<char>)text[..value.Format(text)]);
    }

    /// <summary>Writes a text.</summary>
    public void Write(scoped ReadOnlySpan<char> value)
    {
        // Names and actions are short and plain: then the header is one byte, and the length is known.
        if (value.Length < 32
            && Ascii.FromUtf16(value, Reserve(1 + value.Length)[1..], out _) == OperationStatus.Done)
        {
            Put(_span[_used..], (byte)(0xA0 | value.Length));
            _used += value.Length;
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        var span = Reserve(ScalarMax);
        if (length < 32) Put(span, (byte)(0xA0 | length));
        else if (length <= byte.MaxValue) Put8(span, 0xD9, (byte)length);
        else if (length <= ushort.MaxValue) Put16(span, 0xDA, (ushort)length);
        else Put32(span, 0xDB, (uint)length);
        var text = Reserve(length);
        _used += Encoding.UTF8.GetBytes(value, text);
    }

    /// <summary>Writes a text of the library's own: ASCII, shorter than 32.</summary>
    public void WriteName(scoped ReadOnlySpan<byte> name)
    {
        Debug.Assert(name.Length < 32);
        var span = Reserve(1 + name.Length);
        name.CopyTo(span[1..]);
        Put(span, (byte)(0xA0 | name.Length));
        _used += name.Length;
    }

    public void Write(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(BeginBytes(value.Length));
        _used += value.Length;
    }

    public void Write(PublicKey value)
    {
        value.CopyTo(BeginBytes(PublicKey.Length));
        _used += PublicKey.Length;
    }

    public void Write(Fingerprint value) => WritePair(value.High, value.Low);

    public void Write(RequestId value) => WritePair(value.Client, value.Sequence);

    public void Write(Salt value) => WritePair(value.High, value.Low);

    public void Write(TokenMac value) => Write(value.Bytes);

    public void Write(ImmutableArray<string> texts)
    {
        WriteArrayHeader(texts.Length);
        foreach (var text in texts) Write(text);
    }

    private void WritePair(ulong high, ulong low)
    {
        var bytes = BeginBytes(16);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        _used += 16;
    }

    // The header of a byte string, and the room for its bytes, which count when they are written.
    private Span<byte> BeginBytes(int length)
    {
        var span = Reserve(ScalarMax);
        if (length <= byte.MaxValue) Put8(span, 0xC4, (byte)length);
        else if (length <= ushort.MaxValue) Put16(span, 0xC5, (ushort)length);
        else Put32(span, 0xC6, (uint)length);
        return Reserve(length);
    }

    private Span<byte> Reserve(int length)
    {
        if (_span.Length - _used < length)
        {
            Flush();
            _span = _output.GetSpan(Math.Max(length, ChunkMin));
        }

        return _span[_used..];
    }

    private void Put(Span<byte> span, byte value)
    {
        span[0] = value;
        _used++;
    }

    private void Put8(Span<byte> span, byte type, byte value)
    {
        span[1] = value;
        span[0] = type;
        _used += 2;
    }

    private void Put16(Span<byte> span, byte type, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(span[1..], value);
        span[0] = type;
        _used += 3;
    }

    private void Put32(Span<byte> span, byte type, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], value);
        span[0] = type;
        _used += 5;
    }

    private void Put64(Span<byte> span, byte type, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(span[1..], value);
        span[0] = type;
        _used += 9;
    }
}
