using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using Membership.Replication.Disk;
using Microsoft.Win32.SafeHandles;

namespace Membership.Replication.Log;

/// <summary>
/// One file of the log, and the same bytes in memory: a header, frames one behind the other, and room for the mark that the log goes on in the
/// next one. The file is written full of zeros before its first use: overwriting blocks that are there takes a disk half the time of adding
/// blocks, and what a write that was cut short left out can be told from damage.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class LogSegment : IDisposable
{
    /// <summary>The size of a segment, unless one frame needs more.</summary>
    public const int UsualBytes = 16 << 20;

    /// <summary>Where the first frame lies.</summary>
    public const int HeaderBytes = LogFrame.SectorBytes;

    private const int Format = 1;
    private const int MarkBytes = LogFrame.SectorBytes;

    // A page each: the system keeps what was written at once together, and would go through all of it at each flush of a part.
    private const int ZerosBytes = 4096;
    private const uint HeaderMagic = 0x31534C4D; // "MLS1"
    private const uint ClosedMagic = 0x45534C4D; // "MLSE"
    private const string Extension = ".log";
    private const string UnfinishedExtension = ".new";

    // Where it lies in memory does not change, so the collector has nothing to do with it. What is not written yet is never looked at.
    private readonly byte[] _buffer;
    private SafeFileHandle? _handle;

    private LogSegment(string folder, int number, byte[] buffer)
    {
        File = FileOf(folder, number);
        Number = number;
        _buffer = buffer;
    }

    /// <summary>The full path.</summary>
    public string File { get; }

    /// <summary>Its number: 1 for the log's first one, and no gaps.</summary>
    public int Number { get; }

    /// <summary>Where the next frame goes.</summary>
    public int End { get; set; } = HeaderBytes;

    /// <summary>The highest index that a frame within holds and that no later frame made void; 0 for none.</summary>
    public long LastIndex { get; set; }

    /// <summary>Whether the log goes on in the next one.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The size of the file.</summary>
    public int Bytes => _buffer.Length;

    /// <summary>All of it up to where frames may lie.</summary>
    public Memory<byte> Memory => _buffer.AsMemory(0, _buffer.Length - MarkBytes);

    /// <summary>The place where the next frame goes.</summary>
    public LogPosition Position => new(Number, End);

    /// <summary>A segment whose file is not there yet, or has never been used.</summary>
    /// <param name="folder">The log's folder.</param>
    /// <param name="number">Its number.</param>
    /// <param name="bytes">Its size.</param>
    public static LogSegment New(string folder, int number, int bytes) => new(folder, number, GC.AllocateUninitializedArray<byte>(bytes, pinned: true));

    /// <summary>The size that a segment needs for a frame.</summary>
    public static int SizeFor(int frameBytes, int usualBytes) => int.Max(usualBytes, HeaderBytes + frameBytes + MarkBytes);

    /// <summary>Writes a segment's file, empty, on the disk when this returns. Does nothing when it is there.</summary>
    public static void CreateFile(string folder, int number, int bytes)
    {
        var file = FileOf(folder, number);
        if (System.IO.File.Exists(file) && new FileInfo(file).Length == bytes) return;
        var unfinished = Path.ChangeExtension(file, UnfinishedExtension);
        using (var handle = System.IO.File.OpenHandle(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var zeros = new byte[int.Min(ZerosBytes, bytes)];
            WriteHeader(zeros, number, bytes);
            for (var at = 0; at < bytes; at += zeros.Length)
            {
                RandomAccess.Write(handle, zeros.AsSpan(0, int.Min(zeros.Length, bytes - at)), at);
                if (at == 0) zeros.AsSpan(0, HeaderBytes).Clear();
            }

            RandomAccess.FlushToDisk(handle);
        }

        DurableFile.Rename(unfinished, file);
    }

    /// <summary>The numbers of the segments in a folder, ascending.</summary>
    public static int[] NumbersIn(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*" + Extension)
            .Select(file => int.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(number => number > 0)
            .Order(),
    ];

    /// <summary>Deletes what a crash left of files that were being made.</summary>
    public static void DeleteUnfinished(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*" + UnfinishedExtension)) System.IO.File.Delete(file);
    }

    /// <summary>The path of a segment.</summary>
    public static string FileOf(string folder, int number) =>
        Path.Combine(folder, number.ToString("D10", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Reads a segment whole.</summary>
    /// <exception cref="LogOpenException">It is missing, or not what was written.</exception>
    public static LogSegment Read(string folder, int number)
    {
        var file = FileOf(folder, number);
        if (!System.IO.File.Exists(file)) throw new LogOpenException(file, "it is missing");
        using var handle = System.IO.File.OpenHandle(file);
        var bytes = RandomAccess.GetLength(handle);
        if (bytes is < HeaderBytes + MarkBytes or > int.MaxValue) throw new LogOpenException(file, "it is shorter than a segment");
        var buffer = GC.AllocateUninitializedArray<byte>((int)bytes, pinned: true);
        for (var read = 0; read < buffer.Length;)
        {
            var count = RandomAccess.Read(handle, buffer.AsSpan(read), read);
            if (count == 0) throw new LogOpenException(file, "it was cut while it was read");
            read += count;
        }

        VerifyHeader(buffer, file, number);
        return new(folder, number, buffer) { IsClosed = ReadMark(buffer, file, number) };
    }

    /// <summary>Opens the file to be written.</summary>
    public void Open() => _handle ??= System.IO.File.OpenHandle(File, FileMode.Open, FileAccess.Write, FileShare.Read);

    /// <summary>Writes a part; it is on the disk when this returns.</summary>
    public void Write(int from, int to)
    {
        RandomAccess.Write(_handle!, _buffer.AsSpan(from, to - from), from);
        DataSync.Flush(_handle!);
    }

    /// <summary>Notes that the log goes on in the next one, whose file is there already. On the disk when this returns.</summary>
    public void Close()
    {
        var mark = _buffer.AsSpan(_buffer.Length - MarkBytes);
        mark.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(mark[8..], ClosedMagic);
        BinaryPrimitives.WriteUInt64LittleEndian(mark, XxHash3.HashToUInt64(mark[8..16], Number));
        Write(_buffer.Length - MarkBytes, _buffer.Length);
        IsClosed = true;
        _handle!.Dispose();
    }

    /// <summary>Empties everything from <see cref="End"/> on: a write that was cut short left it. On the disk when this returns.</summary>
    public void EmptyRest()
    {
        Memory.Span[End..].Clear();
        Write(End, _buffer.Length - MarkBytes);
    }

    /// <summary>Removes the file.</summary>
    public void Delete()
    {
        Dispose();
        System.IO.File.Delete(File);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle?.Dispose();

    private static void WriteHeader(Span<byte> header, int number, int bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], HeaderMagic);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], Format);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], number);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(header, XxHash3.HashToUInt64(header[8..HeaderBytes]));
    }

    private static void VerifyHeader(ReadOnlySpan<byte> segment, string file, int number)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(segment[8..]) != HeaderMagic
            || BinaryPrimitives.ReadUInt64LittleEndian(segment) != XxHash3.HashToUInt64(segment[8..HeaderBytes]))
            throw new LogOpenException(file, "its header is damaged");
        if (BinaryPrimitives.ReadInt32LittleEndian(segment[12..]) != Format)
            throw new LogOpenException(file, "it is of another format");
        if (BinaryPrimitives.ReadInt32LittleEndian(segment[16..]) != number || BinaryPrimitives.ReadInt32LittleEndian(segment[20..]) != segment.Length)
            throw new LogOpenException(file, "it has another name or another size than it was made with");
    }

    private static bool ReadMark(ReadOnlySpan<byte> segment, string file, int number)
    {
        var mark = segment[^MarkBytes..];
        if (!mark.ContainsAnyExcept((byte)0)) return false;
        return BinaryPrimitives.ReadUInt32LittleEndian(mark[8..]) == ClosedMagic
            && BinaryPrimitives.ReadUInt64LittleEndian(mark) == XxHash3.HashToUInt64(mark[8..16], number)
            && !mark[16..].ContainsAnyExcept((byte)0)
            ? true
            : throw new LogOpenException(file, "its end is damaged");
    }
}
