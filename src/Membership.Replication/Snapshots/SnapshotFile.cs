using System.Globalization;
using System.Security.Cryptography;
using Membership.Snapshots;
using Membership.State;

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

    /// <summary>When this replica wrote it, Unix ms by its clock; 0 when it is gone.</summary>
    public long ReadTime() =>
        Math.Max(0, new DateTimeOffset(File.GetLastWriteTimeUtc(Path)).ToUnixTimeMilliseconds());

    /// <summary>Checks the bytes against the name.</summary>
    /// <exception cref="InvalidDataException">They are others than were written.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Verify()
    {
        using var stream = OpenRead();
        if (stream.Length != Length) throw new InvalidDataException($"it has {stream.Length} bytes, not {Length}");
        if (new SnapshotHash(SHA256.HashData(stream)) != Hash) throw new InvalidDataException("its SHA-256 is another than its name says");
    }

    /// <summary>Reads the state, and trusts neither the bytes nor the name.</summary>
    /// <exception cref="InvalidDataException">The file is not what it should be; says why.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnsupportedFormatException">The file is whole and a newer version of the library wrote it.</exception>
    public LoadedSnapshot Load(string clusterId, Limits limits)
    {
        // First, so that a damaged byte never passes for a newer format.
        Verify();
        using var stream = OpenRead();
        MembershipState state;
        try
        {
            state = SnapshotReader.Read(stream, limits);
        }
        catch (SnapshotFormatException e)
        {
            throw new InvalidDataException(e.Message, e);
        }

        if (state.ClusterId != clusterId) throw new InvalidDataException($"it is of cluster {state.ClusterId}, not {clusterId}");
        if ((state.AppliedIndex, state.AppliedTerm) != (Index, Term))
            throw new InvalidDataException($"it was taken at index {state.AppliedIndex} of term {state.AppliedTerm}, not {Index} of {Term}");
        return new(this, state);
    }

    private FileStream OpenRead() => new(Path, new FileStreamOptions
    {
        Access = FileAccess.Read,
        Share = FileShare.ReadWrite | FileShare.Delete,
        Options = FileOptions.SequentialScan,
        BufferSize = 128 * 1024,
    });
}
