using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using DotNext.Net.Cluster;
using Microsoft.Win32.SafeHandles;

namespace Membership.Replication.Log;

/// <summary>
/// Brings the files of a log into a state that the package can open, or says which of them is damaged. Runs before the package opens
/// them, because the package starts to apply committed entries before it has checked a single one.
/// </summary>
internal static class LogFolder
{
    /// <summary>The size of a data file, in bytes. Fixed for the life of a folder; a power of two.</summary>
    public const int ChunkBytes = 16 << 20;

    private const int PageBytes = 4096;
    private const int RecordBytes = 64; // the smallest divisor of a page that holds 32 bytes of metadata and 8 of XxHash3
    private const int MetadataBytes = 32;
    private const int RecordsPerPage = PageBytes / RecordBytes;
    private const int ReadBytes = 256 << 10;

    // The package's file of votes: whether there is one, for whom, and the term.
    private static readonly int TermOffset = 1 + ClusterMemberId.Size;
    private static readonly int VoteBytes = TermOffset + sizeof(long);

    /// <summary>Whether there is a log, be it whole or damaged.</summary>
    public static bool IsBegun(string location) => new FileInfo(OverwriteMark.FileIn(location)) is { Exists: true, Length: > 0 };

    /// <summary>Undoes a replacement that a crash cut short, then checks every entry behind the snapshot.</summary>
    /// <param name="location">The log's folder; made if it does not exist.</param>
    /// <param name="snapshotIndex">The index of the state machine's snapshot, 0 without one: the log must go on from there.</param>
    /// <returns>The folder's lock and mark, which the caller owns.</returns>
    /// <exception cref="LogOpenException">A file is missing, damaged or in use. No entry was changed.</exception>
    public static OverwriteMark Prepare(string location, long snapshotIndex)
    {
        Directory.CreateDirectory(location);
        var mark = OverwriteMark.Open(location);
        try
        {
            if (mark.IsNew)
                Create(location, mark);
            else
                Check(location, snapshotIndex, mark);
            return mark;
        }
        catch
        {
            mark.Dispose();
            throw;
        }
    }

    /// <summary>Writes a file from its start, on the disk when this returns.</summary>
    public static void WriteFile(string file, ReadOnlySpan<byte> content)
    {
        using var handle = File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, FileOptions.WriteThrough);
        RandomAccess.Write(handle, content, 0);
    }

    // The package makes these files, too, but late and empty: then an emptied file could not be told from a new one. The mark comes
    // last, so that a folder has either all of them or no mark.
    private static void Create(string location, OverwriteMark mark)
    {
        var pages = Path.Combine(location, "metadata");
        var vote = Path.Combine(location, "state");
        if ((Directory.Exists(pages) && Directory.EnumerateFiles(pages).Any())
            || (File.Exists(vote) && File.ReadAllBytes(vote).AsSpan().ContainsAnyExcept((byte)0)))
            throw new LogOpenException(mark.File, "it is missing or empty, though the log was in use");
        WriteFile(vote, new byte[VoteBytes]);
        default(Checkpoint).Write(location);
        mark.Clear();
    }

    private static void Check(string location, long snapshotIndex, OverwriteMark mark)
    {
        var checkpoint = Checkpoint.Read(location);
        var kept = WithoutReplaced(checkpoint, mark);
        var lastTerm = VerifyEntries(location, snapshotIndex + 1, kept.LastIndex);
        VerifyVote(Path.Combine(location, "state"), lastTerm);
        if (kept != checkpoint)
            kept.Write(location);
        if (mark.Index > 0)
            mark.Clear();
    }

    // Entries that were being replaced are in nobody's majority: the old ones conflict with a leader that has all committed ones, and
    // the new ones were not acknowledged yet.
    private static Checkpoint WithoutReplaced(Checkpoint checkpoint, OverwriteMark mark)
    {
        if (mark.Index == 0)
            return checkpoint;
        if (mark.Index <= checkpoint.CommitIndex)
            throw new LogOpenException(mark.File, $"it gives up entry {mark.Index}, but entries up to {checkpoint.CommitIndex} are committed");
        return checkpoint with { LastIndex = long.Min(checkpoint.LastIndex, mark.Index - 1) };
    }

    private static long VerifyEntries(string location, long first, long last)
    {
        if (first > last)
            return 0;
        using var data = new DataReader(Path.Combine(location, "data"));
        Span<byte> page = stackalloc byte[PageBytes];
        var previous = default(Record);
        for (var index = first; index <= last; index++)
        {
            var file = PageFile(location, index);
            if (index == first || index % RecordsPerPage == 0)
                ReadPage(file, page, first);

            var bytes = page.Slice((int)(index % RecordsPerPage) * RecordBytes, RecordBytes);
            var record = Record.Read(bytes);
            if (record.Term < previous.Term || record.Offset < previous.End)
                throw new LogOpenException(file, $"entry {index} has a lower term or place than the entry before it");
            data.Verify(index, record, bytes);
            previous = record;
        }

        return previous.Term;
    }

    private static string PageFile(string location, long index) =>
        Path.Combine(location, "metadata", (index / RecordsPerPage).ToString(CultureInfo.InvariantCulture));

    private static void ReadPage(string file, Span<byte> page, long first)
    {
        if (!File.Exists(file))
            throw new LogOpenException(file, $"it is missing; the snapshot asks for the log from entry {first} on");
        using var handle = File.OpenHandle(file);
        if (RandomAccess.Read(handle, page, 0) != PageBytes)
            throw new LogOpenException(file, "it is shorter than a page");
    }

    // The package gives a new vote to a replica whose file of votes is gone: it could vote twice in a term.
    private static void VerifyVote(string file, long lastTerm)
    {
        var vote = File.Exists(file) ? File.ReadAllBytes(file) : [];
        if (vote.Length < VoteBytes)
            throw new LogOpenException(file, "it is missing or shorter than a term and a vote");
        if (BinaryPrimitives.ReadInt64LittleEndian(vote.AsSpan(TermOffset)) is var term && term < lastTerm)
            throw new LogOpenException(file, $"it is of term {term}, but the log has an entry of term {lastTerm}");
    }

    private readonly record struct Record(long Term, long Length, long Offset)
    {
        public long End => Offset + Length;

        public static Record Read(ReadOnlySpan<byte> bytes) => new(
            BinaryPrimitives.ReadInt64LittleEndian(bytes),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));
    }

    private sealed class DataReader(string folder) : IDisposable
    {
        private readonly XxHash3 _hash = new();
        private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        private SafeFileHandle? _chunk;
        private string _chunkFile = "";

        public void Verify(long index, Record record, ReadOnlySpan<byte> bytes)
        {
            for (var at = record.Offset; at < record.End;)
            {
                Open(at / ChunkBytes, index);
                var offset = (int)(at % ChunkBytes);
                var count = (int)long.Min(record.End - at, int.Min(ChunkBytes - offset, _buffer.Length));
                var read = RandomAccess.Read(_chunk!, _buffer.AsSpan(0, count), offset);
                if (read == 0)
                    throw new LogOpenException(_chunkFile, $"it ends before entry {index} does");
                _hash.Append(_buffer.AsSpan(0, read));
                at += read;
            }

            _hash.Append(bytes[..MetadataBytes]);
            Span<byte> expected = stackalloc byte[sizeof(ulong)];
            _hash.GetHashAndReset(expected);
            if (record.Length < 0 || !expected.SequenceEqual(bytes.Slice(MetadataBytes, sizeof(ulong))))
                throw new LogOpenException(
                    record.Length > 0 ? _chunkFile : PageFile(Path.GetDirectoryName(folder)!, index),
                    $"the hash of entry {index} does not match its data and its record");
        }

        public void Dispose()
        {
            _chunk?.Dispose();
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        private void Open(long number, long index)
        {
            var file = Path.Combine(folder, number.ToString(CultureInfo.InvariantCulture));
            if (file == _chunkFile)
                return;
            if (!File.Exists(file))
                throw new LogOpenException(file, $"it is missing; entry {index} lies in it");
            _chunk?.Dispose();
            _chunk = File.OpenHandle(file);
            _chunkFile = file;
        }
    }
}
