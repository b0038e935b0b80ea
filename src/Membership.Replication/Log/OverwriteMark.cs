using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Membership.Replication.Log;

/// <summary>
/// The durable note that entries from some index on are being replaced, kept from before the first of them changes until all of them
/// are on the disk. The file is also the lock that keeps a second log out of the folder.
/// </summary>
/// <remarks>
/// The package writes records and data of a replaced tail in any order and only then its checkpoint, which meanwhile still names the
/// old tail: what a crash leaves between looks like damage, and damage looks like such a crash. The note tells them apart. It is
/// 16 bytes, index and checksum, within one sector. Not thread-safe: its owner calls under a lock of its own.
/// </remarks>
internal sealed class OverwriteMark : IDisposable
{
    private const int Bytes = 16;
    private readonly SafeFileHandle _handle;

    private OverwriteMark(SafeFileHandle handle, string file)
    {
        _handle = handle;
        File = file;
        IsNew = RandomAccess.GetLength(handle) == 0;
        Index = IsNew ? 0 : Load(handle, file);
    }

    /// <summary>The full path of the file.</summary>
    public string File { get; }

    /// <summary>Whether the file holds nothing yet: it was made by this call, or by one that a crash ended.</summary>
    public bool IsNew { get; private set; }

    /// <summary>The first index that is being replaced; 0 when none is.</summary>
    public long Index { get; private set; }

    /// <summary>Where it is in the log's folder.</summary>
    public static string FileIn(string location) => Path.Combine(location, "overwrite");

    /// <summary>Takes the lock and reads the note; makes the file if it is missing.</summary>
    /// <exception cref="LogOpenException">Another log holds the file, or it is damaged.</exception>
    public static OverwriteMark Open(string location)
    {
        var file = FileIn(location);
        SafeFileHandle? handle = null;
        try
        {
            handle = System.IO.File.OpenHandle(
                file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.WriteThrough);
            return new OverwriteMark(handle, file);
        }
        catch (Exception e)
        {
            handle?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
                throw new LogOpenException(file, "it cannot be opened, or the log is in use", e);
            throw;
        }
    }

    /// <summary>Reads the note of a log that nobody has open.</summary>
    /// <returns>The first index that was being replaced; 0 when none was.</returns>
    /// <exception cref="LogOpenException">The file is missing or damaged.</exception>
    public static long Peek(string location)
    {
        var file = FileIn(location);
        if (!System.IO.File.Exists(file))
            throw new LogOpenException(file, "it is missing");
        using var handle = System.IO.File.OpenHandle(file);
        return Load(handle, file);
    }

    /// <summary>Notes that entries from <paramref name="index"/> on are about to change; on the disk when this returns.</summary>
    public void Set(long index)
    {
        Span<byte> content = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(content, index);
        BinaryPrimitives.WriteUInt64LittleEndian(content[8..], XxHash3.HashToUInt64(content[..8]));
        RandomAccess.Write(_handle, content, 0);
        Index = index;
        IsNew = false;
    }

    /// <summary>Notes that nothing is being replaced any more; on the disk when this returns.</summary>
    public void Clear() => Set(0);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static long Load(SafeFileHandle handle, string file)
    {
        Span<byte> content = stackalloc byte[Bytes];
        return RandomAccess.Read(handle, content, 0) == Bytes
            && BinaryPrimitives.ReadUInt64LittleEndian(content[8..]) == XxHash3.HashToUInt64(content[..8])
            && BinaryPrimitives.ReadInt64LittleEndian(content) is >= 0 and var index
            ? index
            : throw new LogOpenException(file, "its checksum does not match");
    }
}
