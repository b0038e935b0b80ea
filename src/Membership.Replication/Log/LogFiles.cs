using System.Buffers;
using System.Globalization;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Membership.Replication.Log;

/// <summary>
/// Reads the entries of a log straight from the package's files and checks each against its hash and the one before it. Changes nothing;
/// nobody may write to the files meanwhile.
/// </summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class LogFiles(string location) : IDisposable
{
    /// <summary>The size of a data file, in bytes. Fixed for the life of a folder; a power of two.</summary>
    public const int ChunkBytes = 16 << 20;

    private const int PageBytes = 4096;
    private const int RecordBytes = 64; // the smallest divisor of a page that holds 32 bytes of metadata and 8 of XxHash3
    private const int RecordsPerPage = PageBytes / RecordBytes;
    private const int ReadBytes = 256 << 10;

    private readonly XxHash3 _hash = new();
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
    private readonly byte[] _page = new byte[PageBytes];
    private SafeFileHandle? _chunk;
    private string _chunkFile = "";

    /// <summary>Goes through the entries from <paramref name="first"/> to <paramref name="last"/>, each one checked before it is yielded.</summary>
    /// <exception cref="LogOpenException">A file is missing or damaged.</exception>
    public IEnumerable<LogRecord> Verify(long first, long last)
    {
        var previous = default(LogRecord);
        for (var index = first; index <= last; index++)
        {
            var file = PageFile(index);
            if (index == first || index % RecordsPerPage == 0) ReadPage(file, first);
            var bytes = _page.AsMemory((int)(index % RecordsPerPage) * RecordBytes, RecordBytes);
            var record = LogRecord.Read(index, bytes.Span);
            if (record.Term < previous.Term || record.Offset < previous.End)
                throw new LogOpenException(file, $"entry {index} has a lower term or place than the entry before it");
            VerifyHash(record, bytes.Span);
            previous = record;
            yield return record;
        }
    }

    /// <summary>The payload of an entry that <see cref="Verify"/> yielded.</summary>
    /// <exception cref="LogOpenException">A file is missing or shorter than it was.</exception>
    public byte[] ReadPayload(in LogRecord record)
    {
        var payload = new byte[record.Length];
        for (var read = 0; read < payload.Length;)
            read += Read(record.Index, record.Offset + read, payload.AsSpan(read));
        return payload;
    }

    public void Dispose()
    {
        _chunk?.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private void ReadPage(string file, long first)
    {
        if (!File.Exists(file))
            throw new LogOpenException(file, $"it is missing; the snapshot asks for the log from entry {first} on");
        using var handle = File.OpenHandle(file);
        if (RandomAccess.Read(handle, _page, 0) != PageBytes)
            throw new LogOpenException(file, "it is shorter than a page");
    }

    private void VerifyHash(in LogRecord record, ReadOnlySpan<byte> bytes)
    {
        for (var at = record.Offset; at < record.End;)
        {
            var part = _buffer.AsSpan(0, (int)long.Min(record.End - at, ReadBytes));
            var read = Read(record.Index, at, part);
            _hash.Append(part[..read]);
            at += read;
        }

        _hash.Append(bytes[..LogRecord.Bytes]);
        Span<byte> expected = stackalloc byte[sizeof(ulong)];
        _hash.GetHashAndReset(expected);
        if (record.Length < 0 || !expected.SequenceEqual(bytes.Slice(LogRecord.Bytes, sizeof(ulong))))
        {
            throw new LogOpenException(
                record.Length > 0 ? _chunkFile : PageFile(record.Index), $"the hash of entry {record.Index} does not match its data and its record");
        }
    }

    // At most to the end of the data file, at least one byte.
    private int Read(long index, long at, Span<byte> destination)
    {
        Open(at / ChunkBytes, index);
        var offset = (int)(at % ChunkBytes);
        var read = RandomAccess.Read(_chunk!, destination[..int.Min(destination.Length, ChunkBytes - offset)], offset);
        return read > 0 ? read : throw new LogOpenException(_chunkFile, $"it ends before entry {index} does");
    }

    private void Open(long number, long index)
    {
        var file = Path.Combine(location, "data", number.ToString(CultureInfo.InvariantCulture));
        if (file == _chunkFile) return;
        if (!File.Exists(file)) throw new LogOpenException(file, $"it is missing; entry {index} lies in it");
        _chunk?.Dispose();
        _chunk = File.OpenHandle(file);
        _chunkFile = file;
    }

    private string PageFile(long index) => Path.Combine(location, "metadata", (index / RecordsPerPage).ToString(CultureInfo.InvariantCulture));
}
