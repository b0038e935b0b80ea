using System.Globalization;
using System.Security.Cryptography;

namespace Membership.Replication.Snapshots;

/// <summary>
/// A snapshot file, named <c>INDEX-TERM-SHA256.snapshot</c>: the name says what it holds and what its bytes must be. Index and term
/// have 20 digits, so names sort by index.
/// </summary>
/// <param name="Path">Where it is.</param>
/// <param name="Index">The last log index applied within.</param>
/// <param name="Term">The term of that entry.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Hash">SHA-256 of the bytes, as they were written.</param>
internal sealed record SnapshotFile(string Path, long Index, long Term, long Length, SnapshotHash Hash)
{
    public const string Extension = ".snapshot";
    private const int Digits = 20;
    private const int StemLength = Digits + 1 + Digits + 1 + 2 * SnapshotHash.Length;

    /// <summary>The name for such a snapshot.</summary>
    public static string NameOf(long index, long term, SnapshotHash hash) =>
        string.Create(CultureInfo.InvariantCulture, $"{index:D20}-{term:D20}-{hash}{Extension}");

    /// <summary>Takes a file by its name; null when it is no snapshot's name.</summary>
    public static SnapshotFile? TryOpen(FileInfo file)
    {
        var stem = file.Name.AsSpan();
        if (stem.Length != StemLength + Extension.Length || !stem.EndsWith(Extension)) return null;
        stem = stem[..StemLength];
        return stem[Digits] == '-' && stem[2 * Digits + 1] == '-'
            && long.TryParse(stem[..Digits], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && long.TryParse(stem[(Digits + 1)..(2 * Digits + 1)], NumberStyles.None, CultureInfo.InvariantCulture, out var term)
            && SnapshotHash.TryParse(stem[(2 * Digits + 2)..], out var hash)
            ? new(file.FullName, index, term, file.Length, hash)
            : null;
    }

    /// <summary>SHA-256 of the bytes as they are now.</summary>
    public SnapshotHash ComputeHash()
    {
        using var stream = OpenRead(Path);
        return new(SHA256.HashData(stream));
    }

    /// <summary>Opens a file to be read from its beginning to its end, while it may be deleted.</summary>
    public static FileStream OpenRead(string path) => new(path, new FileStreamOptions
    {
        Access = FileAccess.Read,
        Share = FileShare.ReadWrite | FileShare.Delete,
        Options = FileOptions.SequentialScan,
        BufferSize = 128 * 1024,
    });
}
