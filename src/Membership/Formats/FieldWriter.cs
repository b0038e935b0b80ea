using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using MessagePack;

namespace Membership.Formats;

/// <summary>Writes MessagePack in its shortest form: one value has one encoding.</summary>
internal ref struct FieldWriter(IBufferWriter<byte> output)
{
    private MessagePackWriter _writer = new(output);

    /// <summary>Hands all written bytes to the output.</summary>
    public void Flush() => _writer.Flush();

    public void WriteArrayHeader(int count) => _writer.WriteArrayHeader(count);

    public void WriteMapHeader(int count) => _writer.WriteMapHeader(count);

    public void WriteNil() => _writer.WriteNil();

    public void Write(bool value) => _writer.Write(value);

    public void Write(byte value) => _writer.Write(value);

    public void Write(ushort value) => _writer.Write(value);

    public void Write(uint value) => _writer.Write(value);

    public void Write(ulong value) => _writer.Write(value);

    public void Write(int value) => _writer.Write(value);

    public void Write(long value) => _writer.Write(value);

    public void Write(NetworkId value) => _writer.Write(value.Value);

    public void Write(NodeId value) => _writer.Write(value.Value);

    public void Write(NodeId? value)
    {
        if (value is { } node) Write(node);
        else WriteNil();
    }

    /// <summary>Writes a text, or nil.</summary>
    public void Write(string? value) => _writer.Write(value);

    public void Write(scoped ReadOnlySpan<byte> value)
    {
        value.CopyTo(BeginBytes(value.Length));
        _writer.Advance(value.Length);
    }

    public void Write(PublicKey value)
    {
        value.CopyTo(BeginBytes(PublicKey.Length));
        _writer.Advance(PublicKey.Length);
    }

    public void Write(Fingerprint value) => WritePair(value.High, value.Low);

    public void Write(RequestId value) => WritePair(value.Client, value.Sequence);

    public void Write(Salt value) => WritePair(value.High, value.Low);

    public void Write(TokenMac value) => Write(value.Bytes);

    public void Write(ImmutableArray<string> texts)
    {
        _writer.WriteArrayHeader(texts.Length);
        foreach (var text in texts) _writer.Write(text);
    }

    private void WritePair(ulong high, ulong low)
    {
        var bytes = BeginBytes(16);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        _writer.Advance(16);
    }

    private Span<byte> BeginBytes(int length)
    {
        _writer.WriteBinHeader(length);
        return _writer.GetSpan(length);
    }
}
