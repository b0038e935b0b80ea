using System.Buffers.Binary;
using DotNext.Net.Cluster;

namespace Membership.Replication.Log;

/// <summary>
/// Brings the files of a log into a state that the package can open, or says which of them is damaged. Runs before the package opens
/// them, because the package starts to apply committed entries before it has checked a single one.
/// </summary>
internal static class LogFolder
{
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

    /// <summary>Begins a log behind a snapshot that no entry made: its first entry will be the one after <paramref name="index"/>.</summary>
    /// <param name="location">The log's folder, which is not there yet.</param>
    /// <param name="index">The snapshot's index.</param>
    /// <param name="term">A term below which nothing may be decided in this log; nobody has a vote of it yet.</param>
    public static void Found(string location, long index, long term)
    {
        Directory.CreateDirectory(location);
        var vote = new byte[VoteBytes];
        BinaryPrimitives.WriteInt64LittleEndian(vote.AsSpan(TermOffset), term);
        WriteFile(Path.Combine(location, "state"), vote);
        new Checkpoint(index, index).Write(location);
        using var mark = OverwriteMark.Open(location);
        mark.Clear();
    }

    /// <summary>What a log holds, without opening it and without a change to any file.</summary>
    /// <exception cref="LogOpenException">A file is missing or damaged.</exception>
    public static LogExtent Look(string location)
    {
        var checkpoint = Checkpoint.Read(location);
        var replacedFrom = OverwriteMark.Peek(location);
        var kept = WithoutReplaced(checkpoint, replacedFrom, OverwriteMark.FileIn(location));
        return new(kept.CommitIndex, kept.LastIndex, checkpoint.LastIndex - kept.LastIndex, ReadTerm(Path.Combine(location, "state")));
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
        var kept = WithoutReplaced(checkpoint, mark.Index, mark.File);
        var lastTerm = VerifyEntries(location, snapshotIndex + 1, kept.LastIndex);
        VerifyVote(Path.Combine(location, "state"), lastTerm);
        if (kept != checkpoint)
            kept.Write(location);
        if (mark.Index > 0)
            mark.Clear();
    }

    // Entries that were being replaced are in nobody's majority: the old ones conflict with a leader that has all committed ones, and
    // the new ones were not acknowledged yet.
    private static Checkpoint WithoutReplaced(Checkpoint checkpoint, long replacedFrom, string file)
    {
        if (replacedFrom == 0)
            return checkpoint;
        if (replacedFrom <= checkpoint.CommitIndex)
            throw new LogOpenException(file, $"it gives up entry {replacedFrom}, but entries up to {checkpoint.CommitIndex} are committed");
        return checkpoint with { LastIndex = long.Min(checkpoint.LastIndex, replacedFrom - 1) };
    }

    private static long VerifyEntries(string location, long first, long last)
    {
        using var files = new LogFiles(location);
        var lastTerm = 0L;
        foreach (var record in files.Verify(first, last)) lastTerm = record.Term;
        return lastTerm;
    }

    // The package gives a new vote to a replica whose file of votes is gone: it could vote twice in a term.
    private static void VerifyVote(string file, long lastTerm)
    {
        if (ReadTerm(file) is var term && term < lastTerm)
            throw new LogOpenException(file, $"it is of term {term}, but the log has an entry of term {lastTerm}");
    }

    private static long ReadTerm(string file)
    {
        var vote = File.Exists(file) ? File.ReadAllBytes(file) : [];
        return vote.Length >= VoteBytes
            ? BinaryPrimitives.ReadInt64LittleEndian(vote.AsSpan(TermOffset))
            : throw new LogOpenException(file, "it is missing or shorter than a term and a vote");
    }
}
