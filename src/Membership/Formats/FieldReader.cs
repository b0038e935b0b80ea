using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using MessagePack;

namespace Membership.Formats;

/// <summary>
/// Reads MessagePack strictly: exactly the expected types, in range, valid UTF-8. It never skips what it does not know and never
/// allocates by a length that the input only claims.
/// </summary>
/// <remarks>Throws <see cref="FormatViolationException"/> or an exception of MessagePack; <see cref="IsMalformed"/> tells.</remarks>
internal ref struct FieldReader
{
    private MessagePackReader _reader;

    public FieldReader(ReadOnlyMemory<byte> bytes) => _reader = new MessagePackReader(bytes);

    public FieldReader(in ReadOnlySequence<byte> bytes) => _reader = new MessagePackReader(bytes);

    public readonly bool End => _reader.End;

    /// <summary>Whether an exception says that the bytes are not of the format, rather than that the program is wrong.</summary>
    public static bool IsMalformed(Exception exception) => exception
        is FormatViolationException
        or MessagePackSerializationException
        or EndOfStreamException
        or OverflowException;

    /// <summary>Reads an array header of at most so many items; each takes a byte at least, so the claim is bounded by the input.</summary>
    public int ReadArrayHeader(int countMax)
    {
        var count = _reader.ReadArrayHeader();
        return count >= 0 && count <= countMax ? count : throw new FormatViolationException("list too long");
    }

    public void ReadArrayHeaderOf(int count)
    {
        if (_reader.ReadArrayHeader() != count) throw new FormatViolationException("wrong number of fields");
    }

    public bool TryReadNil() => _reader.TryReadNil();

    public bool ReadBoolean() => _reader.ReadBoolean();

    public byte ReadByte() => _reader.ReadByte();

    public ushort ReadUInt16() => _reader.ReadUInt16();

    public uint ReadUInt32() => _reader.ReadUInt32();

    public ulong ReadUInt64() => _reader.ReadUInt64();

    public long ReadInt64() => _reader.ReadInt64();

    /// <summary>A time in Unix ms: never negative, never past the year 9999.</summary>
    public long ReadTime()
    {
        var time = _reader.ReadInt64();
        return time is >= 0 and <= TimeMax ? time : throw new FormatViolationException("time out of range");
    }

    public const long TimeMax = 253_402_300_799_999;

    public NetworkId ReadNetworkId() => new(_reader.ReadUInt16());

    public NodeId ReadNodeId() => new(_reader.ReadUInt32());

    public NodeId? ReadOptionalNodeId() => TryReadNil() ? null : ReadNodeId();

    public string ReadText()
    {
        var bytes = ReadString() ?? throw new FormatViolationException("text missing");
        return Decode(bytes);
    }

    public string? ReadOptionalText() => ReadString() is { } bytes ? Decode(bytes) : null;

    public ReadOnlyMemory<byte> ReadBytes()
    {
        var bytes = ReadBinary() ?? throw new FormatViolationException("bytes missing");
        return bytes.ToArray();
    }

    /// <summary>Bytes that stay in the input's own memory.</summary>
    public ReadOnlySequence<byte> ReadBytesInPlace() => ReadBinary() ?? throw new FormatViolationException("bytes missing");

    /// <summary>Bytes of exactly the length of <paramref name="destination"/>.</summary>
    public void ReadBytesInto(scoped Span<byte> destination)
    {
        var bytes = ReadBinary() ?? throw new FormatViolationException("bytes missing");
        if (bytes.Length != destination.Length) throw new FormatViolationException("wrong number of bytes");
        bytes.CopyTo(destination);
    }

    public PublicKey ReadPublicKey()
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        ReadBytesInto(bytes);
        return new(bytes);
    }

    public Fingerprint ReadFingerprint()
    {
        Span<byte> bytes = stackalloc byte[Fingerprint.Length];
        ReadBytesInto(bytes);
        return Fingerprint.FromBytes(bytes);
    }

    public Salt ReadSalt()
    {
        Span<byte> bytes = stackalloc byte[Salt.Length];
        ReadBytesInto(bytes);
        return Salt.FromBytes(bytes);
    }

    public TokenMac ReadTokenMac()
    {
        Span<byte> bytes = stackalloc byte[TokenMac.Length];
        ReadBytesInto(bytes);
        return new(bytes);
    }

    public RequestId ReadRequestId()
    {
        Span<byte> bytes = stackalloc byte[Fingerprint.Length];
        ReadBytesInto(bytes);
        var (client, sequence) = Fingerprint.FromBytes(bytes);
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
        var count = _reader.ReadMapHeader();
        return count >= 0 ? count : throw new FormatViolationException("map too long");
    }

    /// <summary>An integer, a boolean, a text or a list of these.</summary>
    public object ReadAttributeValue()
    {
        switch (_reader.NextMessagePackType)
        {
            case MessagePackType.Integer:
                return _reader.ReadUInt64();
            case MessagePackType.Boolean:
                return _reader.ReadBoolean();
            case MessagePackType.String:
                return ReadText();
            case MessagePackType.Array:
                var list = new List<object>();
                for (var count = ReadArrayHeader(int.MaxValue); count > 0; count--) list.Add(ReadListItem());
                return list;
            default:
                throw new FormatViolationException("attribute value");
        }
    }

    private object ReadListItem() => _reader.NextMessagePackType switch
    {
        MessagePackType.Integer => _reader.ReadUInt64(),
        MessagePackType.String => ReadText(),
        _ => throw new FormatViolationException("attribute value"),
    };

    public readonly void ReadEnd()
    {
        if (!_reader.End) throw new FormatViolationException("bytes after the end");
    }

    // The package takes a claimed length of 2 GiB or more for a negative one, and throws as for a fault of the program.
    private ReadOnlySequence<byte>? ReadBinary()
    {
        try
        {
            return _reader.ReadBytes();
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new FormatViolationException("length out of range");
        }
    }

    private ReadOnlySequence<byte>? ReadString()
    {
        try
        {
            return _reader.ReadStringSequence();
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new FormatViolationException("length out of range");
        }
    }

    private static string Decode(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsEmpty) return "";
        var span = bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray();
        return Utf8.IsValid(span) ? Encoding.UTF8.GetString(span) : throw new FormatViolationException("text is not UTF-8");
    }
}

/// <summary>The bytes are MessagePack, but not of the format that is read.</summary>
internal sealed class FormatViolationException(string message) : Exception(message);
