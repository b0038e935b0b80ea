using System.Buffers;
using MessagePack;
using Membership.Replication.Peers;

namespace Membership.Replication.Snapshots;

/// <summary>
/// What Raft itself sends for a snapshot: which file it is and who has it. The bytes go over the peer channel. Form:
/// <c>[format, index, term, length, SHA-256, sender]</c>.
/// </summary>
/// <param name="Index">The last log index applied within.</param>
/// <param name="Term">The term of that entry.</param>
/// <param name="Length">Bytes of the file.</param>
/// <param name="Hash">SHA-256 of the file.</param>
/// <param name="Sender">The peer address of the replica that points to it: host and port, at most 255 characters.</param>
internal sealed record SnapshotPointer(long Index, long Term, long Length, SnapshotHash Hash, string Sender)
{
    /// <summary>The format that this library writes, and the newest that it reads.</summary>
    public const uint Newest = 1;

    private const int Fields = 6;
    private const int SenderLengthMax = 255;
    private const int BytesMax = 1024;

    /// <summary>Points to a file.</summary>
    public static SnapshotPointer To(SnapshotFile file, string sender) => new(file.Index, file.Term, file.Length, file.Hash, sender);

    /// <summary>The bytes.</summary>
    public byte[] Encode()
    {
        var output = new ArrayBufferWriter<byte>(128);
        var w = new MessagePackWriter(output);
        w.WriteArrayHeader(Fields);
        w.Write(Newest);
        w.Write(Index);
        w.Write(Term);
        w.Write(Length);
        w.Write(Hash.ToArray());
        w.Write(Sender);
        w.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads the bytes.</summary>
    /// <exception cref="InvalidDataException">They are no pointer; says why.</exception>
    /// <exception cref="UnsupportedFormatException">A newer version of the library wrote it.</exception>
    public static SnapshotPointer Decode(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length > BytesMax) throw new InvalidDataException($"snapshot pointer refused: {bytes.Length} bytes");
        return WireFormat.Read(bytes.ToArray(), "snapshot pointer", Read);
    }

    private static SnapshotPointer Read(ref MessagePackReader r)
    {
        var fields = r.ReadArrayHeader();
        if (fields < 1) throw new InvalidDataException("no fields");
        var format = r.ReadUInt32();
        // Before anything else: a newer format may have other fields.
        if (format > Newest) throw new UnsupportedFormatException("snapshot pointer", format, Newest);
        if (format == 0) throw new InvalidDataException("format 0");
        if (fields != Fields) throw new InvalidDataException($"{fields} fields");
        var pointer = new SnapshotPointer(
            ReadPositive(ref r, "index"), ReadPositive(ref r, "term"), ReadPositive(ref r, "length"), ReadHash(ref r), ReadSender(ref r));
        return pointer;
    }

    private static long ReadPositive(ref MessagePackReader r, string field)
    {
        var value = r.ReadInt64();
        return value > 0 ? value : throw new InvalidDataException($"{field} {value}");
    }

    private static SnapshotHash ReadHash(ref MessagePackReader r)
    {
        var hash = WireFormat.ReadBytesInPlace(ref r);
        return hash.Length == SnapshotHash.Length ? new(hash.Span) : throw new InvalidDataException($"a hash of {hash.Length} bytes");
    }

    private static string ReadSender(ref MessagePackReader r)
    {
        var sender = r.ReadString();
        return sender is { Length: >= 1 and <= SenderLengthMax } ? sender : throw new InvalidDataException("sender");
    }
}
