using System.Text;
using Membership.Replication.Disk;

namespace Membership.Replication.Log;

/// <summary>The folder of a log: its lock, the form of what is in it, and what has to be seen to before the log can be used.</summary>
internal sealed class LogFolder : IDisposable
{
    private const string FormatText = "membership log 2\n";
    private readonly FileStream _lock;

    private LogFolder(string path, FileStream heldLock)
    {
        Path = path;
        _lock = heldLock;
    }

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>Whether there is a log, be it whole or damaged.</summary>
    public static bool IsBegun(string location) => new FileInfo(FormatFileIn(location)) is { Exists: true, Length: > 0 };

    /// <summary>Locks the folder, made if need be, and makes an empty log where there is none.</summary>
    /// <param name="location">The log's folder.</param>
    /// <param name="segmentBytes">The usual size of a segment.</param>
    /// <exception cref="LogOpenException">The folder is in use, or holds something else. Nothing was changed.</exception>
    public static LogFolder Open(string location, int segmentBytes)
    {
        Directory.CreateDirectory(location);
        var folder = new LogFolder(location, Lock(location));
        try
        {
            if (folder._lock.Length == 0) folder.Create(0, segmentBytes);
            else CheckFormat(folder._lock, FormatFileIn(location));
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Begins a log behind a snapshot that no entry made: its first entry will be the one after that.</summary>
    /// <param name="location">The log's folder, which is not there yet.</param>
    /// <param name="term">A term below which nothing may be decided in this log; nobody has a vote of it yet.</param>
    public static void Found(string location, long term)
    {
        Directory.CreateDirectory(location);
        using var folder = new LogFolder(location, Lock(location));
        folder.Create(term, LogSegment.UsualBytes);
    }

    /// <summary>What a log holds, without opening it and without a change to any file.</summary>
    /// <param name="location">The log's folder.</param>
    /// <exception cref="LogOpenException">One of its small files is missing or damaged.</exception>
    public static (LogExtent Extent, LogContent Content) Look(string location)
    {
        var file = FormatFileIn(location);
        if (!File.Exists(file)) throw new LogOpenException(file, "it is missing");
        using (var format = File.OpenRead(file)) CheckFormat(format, file);
        var term = VoteFile.ReadTerm(location);
        var content = LogContent.Read(location);
        return (new(content.CommitIndex, content.Entries.LastIndex, content.IsTorn, term), content);
    }

    /// <summary>Reads the log, checks that it is whole and goes on from the snapshot, and empties what a crash left of a last write.</summary>
    /// <exception cref="LogOpenException">A file is missing or damaged. No entry was changed.</exception>
    public LogContent Prepare(EntryId snapshot)
    {
        var content = LogContent.Read(Path);
        if (content.Damage is { } damage) throw damage;
        if (content.BeginsBehind(snapshot.Index) is { } gap) throw gap;
        content.Entries.BeginBehind(snapshot);
        var lastTerm = content.Entries.LastTerm;
        if (VoteFile.ReadTerm(Path) is var term && term < lastTerm)
            throw new LogOpenException(VoteFile.PathIn(Path), $"it is of term {term}, but the log has an entry of term {lastTerm}");
        VoteFile.Prepare(Path);
        LogSegment.DeleteUnfinished(Path);
        FlushWhatIsTrusted(content);
        if (content.IsTorn)
        {
            var last = content.Segments[^1];
            last.Open();
            last.EmptyRest();
        }

        return content;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    // A process that was killed may have left what it wrote on its way to the disk: to this one it looks as if it were there. Who acknowledges
    // it, or writes behind it, must know that it is.
    private void FlushWhatIsTrusted(LogContent content)
    {
        foreach (var segment in content.Segments.TakeLast(2)) DurableFile.Flush(segment.File);
        DurableFile.Flush(VoteFile.PathIn(Path));
        DurableFile.FlushFolder(Path);
    }

    private static string FormatFileIn(string location) => System.IO.Path.Combine(location, "format");

    private static FileStream Lock(string location)
    {
        var file = FormatFileIn(location);
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogOpenException(file, "it cannot be opened, or the log is in use", e);
        }
    }

    private static void CheckFormat(FileStream format, string file)
    {
        var text = new byte[FormatText.Length + 1];
        var length = format.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        if (Encoding.ASCII.GetString(text, 0, length) != FormatText) throw new LogOpenException(file, $"it is not '{FormatText.Trim()}'");
    }

    // The format comes last, so that a folder has either all of it or no format.
    private void Create(long term, int segmentBytes)
    {
        if (LogSegment.NumbersIn(Path).Any(number => number > 1) || VoteFile.IsBegun(Path) || Directory.Exists(System.IO.Path.Combine(Path, "metadata")))
            throw new LogOpenException(FormatFileIn(Path), "it is missing or empty, though the log was in use");
        VoteFile.Create(Path, term);
        LogSegment.CreateFile(Path, 1, segmentBytes);
        DurableFile.FlushFolder(Path);
        _lock.Write(Encoding.ASCII.GetBytes(FormatText));
        _lock.Flush(flushToDisk: true);
        DurableFile.FlushFolder(Path);
    }
}
