using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;

namespace Membership.Formats;

/// <summary>
/// Reads MessagePack strictly: exactly the expected types, in range, valid UTF-8. It never skips what it does not know and never
/// allocates by a length that the input only claims.
/// </summary>
/// <remarks>
/// Throws <see cref="FormatViolationException"/> alone. Integers may be in any form that MessagePack has for them. Source: MessagePack
/// specification, formats.
/// </remarks>
internal ref struct FieldReader
{
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    public FieldReader(ReadOnlyMemory<byte> bytes)
    {
        _memory = bytes;
        _bytes = bytes.Span;
    }

    public readonly bool End => _at == _bytes.Length;

    /// <summary>Reads an array header of at most so many items; each takes a byte at least, so the claim is bounded by the input.</summary>
    public int ReadArrayHeader(int countMax)
    {
        var type = ReadType();
        var count = type switch
        {
            >= 0x90 and <= 0x9F => (uint)(type & 0x0F),
            0xDC => ReadBig16(),
            0xDD => ReadBig32(),
            _ => throw Violation("list expected"),
        };
        if (count > (uint)countMax) throw Violation("list too long");
        return count <= (uint)(_bytes.Length - _at) ? (int)count : throw Violation("list longer than the input");
    }

    public void ReadArrayHeaderOf(int count)
    {
        if (ReadArrayHeader(int.MaxValue) != count) throw Violation("wrong number of fields");
    }

    public bool TryReadNil()
    {
        if (Peek() != 0xC0) return false;
        _at++;
        return true;
    }

    public bool ReadBoolean() => ReadType() switch
    {
        0xC2 => false,
        0xC3 => true,
        _ => throw Violation("boolean expected"),
    };

    public byte ReadByte() => ReadUInt64() is var value and <= byte.MaxValue ? (byte)value : throw Violation("number out of range");

    public ushort ReadUInt16() => ReadUInt64() is var value and <= ushort.MaxValue ? (ushort)value : throw Violation("number out of range");

    public uint ReadUInt32() => ReadUInt64() is var value and <= uint.MaxValue ? (uint)value : throw Violation("number out of range");

    public ulong ReadUInt64()
    {
        var type = ReadType();
        if (type < 0x80) return type;
        if (type is >= 0xCC and <= 0xCF) return ReadUnsigned(type);
        return ReadSigned(type) is var value and >= 0 ? (ulong)value : throw Violation("number out of range");
    }

    public long ReadInt64()
    {
        var type = ReadType();
        if (type < 0x80) return type;
        if (type is < 0xCC or > 0xCF) return ReadSigned(type);
        return ReadUnsigned(type) is var value and <= long.MaxValue ? (long)value : throw Violation("number out of range");
    }

    /// <summary>A time in Unix ms: never negative, never past the year 9999.</summary>
    public long ReadTime()
    {
        var time = ReadInt64();
        return time is >= 0 and <= TimeMax ? time : throw Violation("time out of range");
    }

    public const long TimeMax = 253_402_300_799_999;

    public NetworkId ReadNetworkId() => new(ReadUInt16());

    public NodeId ReadNodeId() => new(ReadUInt32());

    public NodeId? ReadOptionalNodeId() => TryReadNil() ? null : ReadNodeId();

    public string ReadText() => ReadOptionalText() ?? throw Violation("text missing");

    public string? ReadOptionalText()
    {
        if (TryReadNil()) return null;
        var type = ReadType();
        var text = Take(type switch
        {
            >= 0xA0 and <= 0xBF => (uint)(type & 0x1F),
            0xD9 => ReadType(),
            0xDA => ReadBig16(),
            0xDB => ReadBig32(),
            _ => throw Violation("text expected"),
        });
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : throw Violation("text is not UTF-8");
    }

    /// <summary>A copy of a byte string.</summary>
    public ReadOnlyMemory<byte> ReadBytes() => ReadBinary().ToArray();

    /// <summary>Bytes that stay in the input's own memory.</summary>
    public ReadOnlyMemory<byte> ReadBytesInPlace()
    {
        var length = ReadBinary().Length;
        return _memory.Slice(_at - length, length);
    }

    /// <summary>Bytes of exactly the length of <paramref name="destination"/>.</summary>
    public void ReadBytesInto(scoped Span<byte> destination)
    {
        var bytes = ReadBinary();
        if (bytes.Length != destination.Length) throw Violation("wrong number of bytes");
        bytes.CopyTo(destination);
    }

    public PublicKey ReadPublicKey() => new(ReadBinaryOf(PublicKey.Length));

    public Fingerprint ReadFingerprint() => Fingerprint.FromBytes(ReadBinaryOf(Fingerprint.Length));

    public Salt ReadSalt() => Salt.FromBytes(ReadBinaryOf(Salt.Length));

    public TokenMac ReadTokenMac() => new(ReadBinaryOf(TokenMac.Length));

    public RequestId ReadRequestId()
    {
        var (client, sequence) = ReadFingerprint();
        return new(client, sequence);
    }

    /// <summary>Texts in order, at most so many.</summary>
    public ImmutableArray<string> ReadTexts(int countMax)
    {
        var count = ReadArrayHeader(countMax);
        if (count == 0) return [];
        var texts = ImmutableArray.CreateBuilder<string>(count);
        for (var i = 0; i < count; i++) texts.Add(ReadText());
        return texts.MoveToImmutable();
    }

    public int ReadMapHeader()
    {
        var type = ReadType();
        var count = type switch
        {
            >= 0x80 and <= 0x8F => (uint)(type & 0x0F),
            0xDE => ReadBig16(),
            0xDF => ReadBig32(),
            _ => throw Violation("map expected"),
        };
        return count <= (uint)(_bytes.Length - _at) / 2 ? (int)count : throw Violation("map longer than the input");
    }

    /// <summary>An integer, a boolean, a text or a list of these.</summary>
    public object ReadAttributeValue()
    {
        switch (Peek())
        {
            case 0xC2 or 0xC3:
                return ReadBoolean();
            case (>= 0x90 and <= 0x9F) or 0xDC or 0xDD:
                var list = new List<object>();
                for (var count = ReadArrayHeader(int.MaxValue); count > 0; count--) list.Add(ReadTextOrNumber());
                return list;
            default:
                return ReadTextOrNumber();
        }
    }

    public readonly void ReadEnd()
    {
        if (!End) throw Violation("bytes after the end");
    }

    private object ReadTextOrNumber() => Peek() is (>= 0xA0 and <= 0xBF) or (>= 0xD9 and <= 0xDB) ? ReadText() : ReadUInt64();

    private ReadOnlySpan<byte> ReadBinaryOf(int length)
    {
        var bytes = ReadBinary();
        return bytes.Length == length ? bytes : throw Violation("wrong number of bytes");
    }

    private ReadOnlySpan<byte> ReadBinary() => Take(ReadType() switch
    {
        0xC4 => ReadType(),
        0xC5 => ReadBig16(),
        0xC6 => ReadBig32(),
        _ => throw Violation("bytes expected"),
    });

    private ulong ReadUnsigned(byte type) => type switch
    {
        0xCC => ReadType(),
        0xCD => ReadBig16(),
        0xCE => ReadBig32(),
        _ => BinaryPrimitives.ReadUInt64BigEndian(Take(sizeof(ulong))),
    };

    private long ReadSigned(byte type) => type switch
    {
        >= 0xE0 => (sbyte)type,
        0xD0 => (sbyte)ReadType(),
        0xD1 => (short)ReadBig16(),
        0xD2 => (int)ReadBig32(),
        0xD3 => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long))),
        _ => throw Violation("number expected"),
    };

    private readonly byte Peek() => _at < _bytes.Length ? _bytes[_at] : throw Violation("the input ends too early");

    private byte ReadType()
    {
        var type = Peek();
        _at++;
        return type;
    }

    private uint ReadBig16() => BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)));

    private uint ReadBig32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    private ReadOnlySpan<byte> Take(uint length)
    {
        if (length > (uint)(_bytes.Length - _at)) throw Violation("the input ends too early");
        var taken = _bytes.Slice(_at, (int)length);
        _at += (int)length;
        return taken;
    }

    private static FormatViolationException Violation(string what) => new(what);
}

/// <summary>The bytes are not of the format that is read.</summary>
internal sealed class FormatViolationException(string message) : Exception(message);
