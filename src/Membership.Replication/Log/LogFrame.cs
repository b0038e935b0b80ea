using System.Buffers.Binary;
using System.IO.Hashing;

namespace Membership.Replication.Log;

/// <summary>What a frame says.</summary>
internal enum LogFrameKind
{
    /// <summary>Entries; none of them when it notes a commit index alone. They take the place of whatever entries from its first index on came before.</summary>
    Entries = 0,

    /// <summary>All entries that came before are void: the log goes on behind a snapshot.</summary>
    Beginning = 1,
}

/// <summary>
/// The unit in which a log is written: what one append brought, under one checksum. It begins at a multiple of <see cref="SectorBytes"/>, so
/// that no sector holds two frames and a write that is cut short spoils none that was on the disk before.
/// </summary>
/// <param name="Kind">What it says.</param>
/// <param name="FirstIndex">The index of its first entry, or of the first entry to come.</param>
/// <param name="Count">Its entries.</param>
/// <param name="CommitIndex">The last index known to be committed when the frame was made.</param>
/// <param name="DurableEnd">Everything before this position was on the disk when the frame was made.</param>
/// <param name="Memory">All of it, the header included, without the padding behind it.</param>
internal readonly record struct LogFrame(
    LogFrameKind Kind, long FirstIndex, int Count, long CommitIndex, LogPosition DurableEnd, ReadOnlyMemory<byte> Memory)
{
    /// <summary>What a disk writes whole or not at all.</summary>
    public const int SectorBytes = 512;

    // Hash 8, magic 4, bytes 4, first index 8, count 4, kind 4, commit index 8, durable end 8, the header's own hash 8: all little endian.
    private const int HeaderBytes = 56;
    private const int HashBytes = 8;
    private const int HeaderHashAt = 48;
    private const uint Magic = 0x31464C4D; // "MLF1"

    // Term 8, length 4, command id 4, flags 4.
    private const int EntryHeaderBytes = 20;
    private const uint HasCommandId = 1;
    private const uint Configuration = 2;

    /// <summary>The term of the snapshot that a <see cref="LogFrameKind.Beginning"/> stands behind.</summary>
    public long BeginningTerm => BinaryPrimitives.ReadInt64LittleEndian(Memory.Span[HeaderBytes..]);

    /// <summary>Bytes that it takes in a segment.</summary>
    public int PaddedBytes => Pad(Memory.Length);

    /// <summary>Bytes that a frame of these entries takes in a segment.</summary>
    public static int SizeOf(ReadOnlySpan<NewEntry> entries)
    {
        var bytes = (long)HeaderBytes;
        foreach (var entry in entries) bytes += EntryHeaderBytes + entry.Payload.Length;
        return Pad(checked((int)bytes));
    }

    /// <summary>Bytes that a <see cref="LogFrameKind.Beginning"/> takes in a segment.</summary>
    public static int BeginningBytes => SectorBytes;

    /// <summary>Whether there is nothing at this place yet: segments are written full of zeros ahead of their use.</summary>
    public static bool IsEmpty(ReadOnlySpan<byte> segment, int offset) => !segment.Slice(offset, SectorBytes).ContainsAnyExcept((byte)0);

    /// <summary>Writes a frame of entries.</summary>
    /// <param name="destination">The segment from the frame's place on.</param>
    /// <param name="at">That place.</param>
    /// <param name="firstIndex">Of the first entry.</param>
    /// <param name="entries">The entries.</param>
    /// <param name="commitIndex">The last index known to be committed.</param>
    /// <param name="durableEnd">What is on the disk.</param>
    public static LogFrame Write(
        Memory<byte> destination, LogPosition at, long firstIndex, ReadOnlySpan<NewEntry> entries, long commitIndex, LogPosition durableEnd)
    {
        var span = destination.Span;
        var end = HeaderBytes;
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteInt64LittleEndian(span[end..], entry.Term);
            BinaryPrimitives.WriteInt32LittleEndian(span[(end + 8)..], entry.Payload.Length);
            BinaryPrimitives.WriteInt32LittleEndian(span[(end + 12)..], entry.CommandId ?? 0);
            BinaryPrimitives.WriteUInt32LittleEndian(span[(end + 16)..], (entry.CommandId is null ? 0 : HasCommandId) | (entry.IsConfiguration ? Configuration : 0));
            entry.Payload.Span.CopyTo(span[(end + EntryHeaderBytes)..]);
            end += EntryHeaderBytes + entry.Payload.Length;
        }

        return Seal(destination, end, at, new(LogFrameKind.Entries, firstIndex, entries.Length, commitIndex, durableEnd, default));
    }

    /// <summary>Writes a <see cref="LogFrameKind.Beginning"/> behind a snapshot.</summary>
    public static LogFrame WriteBeginning(Memory<byte> destination, LogPosition at, EntryId snapshot, LogPosition durableEnd)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination.Span[HeaderBytes..], snapshot.Term);
        return Seal(
            destination, HeaderBytes + sizeof(long), at, new(LogFrameKind.Beginning, snapshot.Index + 1, 0, snapshot.Index, durableEnd, default));
    }

    /// <summary>Reads the frame at a place. Null when what is there is none, or not whole.</summary>
    /// <param name="segment">The segment up to where frames may lie.</param>
    /// <param name="at">The place.</param>
    public static LogFrame? TryRead(ReadOnlyMemory<byte> segment, LogPosition at)
    {
        var rest = segment[at.Offset..];
        var span = rest.Span;
        if (LengthAt(span, at) is not { } bytes) return null;
        var memory = rest[..bytes];
        var kind = (LogFrameKind)BinaryPrimitives.ReadInt32LittleEndian(span[28..]);
        var frame = new LogFrame(
            kind,
            BinaryPrimitives.ReadInt64LittleEndian(span[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(span[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(span[32..]),
            new(BinaryPrimitives.ReadInt64LittleEndian(span[40..])),
            memory);
        return BinaryPrimitives.ReadUInt64LittleEndian(span) == HashOf(memory.Span, at) && frame.HasSoundEntries() ? frame : null;
    }

    /// <summary>
    /// Whether the frame at a place, which cannot be read, is what a write that was cut short leaves: a sector of it is still empty. No frame
    /// of ours has an empty sector, and a flipped bit makes none. The first sector is there whole or not at all, and with it the length.
    /// </summary>
    public static bool IsTorn(ReadOnlySpan<byte> segment, LogPosition at)
    {
        if (IsEmpty(segment, at.Offset)) return true;
        if (LengthAt(segment[at.Offset..], at) is not { } bytes) return false;
        for (var offset = at.Offset; offset < at.Offset + bytes; offset += SectorBytes)
        {
            if (IsEmpty(segment, offset)) return true;
        }

        return false;
    }

    /// <summary>Goes through the entries.</summary>
    public EntryEnumerator GetEnumerator() => new(this);

    private static int Pad(int bytes) => (bytes + SectorBytes - 1) & ~(SectorBytes - 1);

    private static LogFrame Seal(Memory<byte> destination, int bytes, LogPosition at, in LogFrame frame)
    {
        var span = destination.Span;
        BinaryPrimitives.WriteUInt32LittleEndian(span[8..], Magic);
        BinaryPrimitives.WriteInt32LittleEndian(span[12..], bytes);
        BinaryPrimitives.WriteInt64LittleEndian(span[16..], frame.FirstIndex);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], frame.Count);
        BinaryPrimitives.WriteInt32LittleEndian(span[28..], (int)frame.Kind);
        BinaryPrimitives.WriteInt64LittleEndian(span[32..], frame.CommitIndex);
        BinaryPrimitives.WriteInt64LittleEndian(span[40..], frame.DurableEnd.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(span[HeaderHashAt..], HeaderHashOf(span, at));
        span[bytes..Pad(bytes)].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(span, HashOf(span[..bytes], at));
        return frame with { Memory = destination[..bytes] };
    }

    // The place is part of it: a frame is good where it was written and nowhere else.
    private static ulong HashOf(ReadOnlySpan<byte> frame, LogPosition at) => XxHash3.HashToUInt64(frame[HashBytes..], at.Value);

    private static ulong HeaderHashOf(ReadOnlySpan<byte> frame, LogPosition at) => XxHash3.HashToUInt64(frame[HashBytes..HeaderHashAt], at.Value);

    private static int? LengthAt(ReadOnlySpan<byte> frame, LogPosition at)
    {
        if (frame.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]) != Magic) return null;
        if (BinaryPrimitives.ReadUInt64LittleEndian(frame[HeaderHashAt..]) != HeaderHashOf(frame, at)) return null;
        var bytes = BinaryPrimitives.ReadInt32LittleEndian(frame[12..]);
        return bytes >= HeaderBytes && bytes <= frame.Length ? bytes : null;
    }

    private bool HasSoundEntries()
    {
        if (Kind == LogFrameKind.Beginning) return Count == 0 && Memory.Length == HeaderBytes + sizeof(long);
        var at = HeaderBytes;
        for (var i = 0; i < Count; i++)
        {
            if (at > Memory.Length - EntryHeaderBytes) return false;
            var length = BinaryPrimitives.ReadInt32LittleEndian(Memory.Span[(at + 8)..]);
            if (length < 0 || length > Memory.Length - EntryHeaderBytes - at) return false;
            at += EntryHeaderBytes + length;
        }

        return Kind == LogFrameKind.Entries && FirstIndex > 0 && at == Memory.Length;
    }

    /// <summary>Goes through the entries of a frame; their payloads are parts of its memory.</summary>
    public struct EntryEnumerator
    {
        private readonly ReadOnlyMemory<byte> _memory;
        private int _at;

        internal EntryEnumerator(in LogFrame frame)
        {
            _memory = frame.Kind == LogFrameKind.Entries ? frame.Memory : default;
            _at = HeaderBytes;
        }

        /// <summary>The entry.</summary>
        public NewEntry Current { get; private set; }

        /// <summary>Goes on to the next one.</summary>
        public bool MoveNext()
        {
            if (_at >= _memory.Length) return false;
            var header = _memory.Span.Slice(_at, EntryHeaderBytes);
            var length = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
            var flags = BinaryPrimitives.ReadUInt32LittleEndian(header[16..]);
            Current = new(
                BinaryPrimitives.ReadInt64LittleEndian(header),
                (flags & HasCommandId) != 0 ? BinaryPrimitives.ReadInt32LittleEndian(header[12..]) : null,
                (flags & Configuration) != 0,
                _memory.Slice(_at + EntryHeaderBytes, length));
            _at += EntryHeaderBytes + length;
            return true;
        }
    }
}
