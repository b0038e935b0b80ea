using Membership.Replication.Log;
using Membership.Snapshots;

namespace Membership.Replication.Offline;

/// <summary>
/// Files of a replica that does not run cannot be used as asked. What was only read is as before; a restore or a recovery says
/// <see cref="OfflineProblem.FolderUnfinished"/> if it was cut short. Retry after <see cref="OfflineProblem.FolderLocked"/> alone.
/// </summary>
public sealed class OfflineException : Exception
{
    /// <summary>Says what is wrong with which file or folder, in one line.</summary>
    public OfflineException(OfflineProblem problem, string message, Exception? innerException = null)
        : base(message.ReplaceLineEndings(" "), innerException) => Problem = problem;

    /// <summary>What is wrong.</summary>
    public OfflineProblem Problem { get; }

    /// <summary>The stable name of the problem, such as <c>log_damaged</c>.</summary>
    public string Code => Problem switch
    {
        OfflineProblem.FolderMissing => "folder_missing",
        OfflineProblem.FolderEmpty => "folder_empty",
        OfflineProblem.FolderNotEmpty => "folder_not_empty",
        OfflineProblem.FolderLocked => "folder_locked",
        OfflineProblem.FolderDamaged => "folder_damaged",
        OfflineProblem.FolderUnfinished => "folder_unfinished",
        OfflineProblem.FolderRemoved => "folder_removed",
        OfflineProblem.FolderDiverged => "folder_diverged",
        OfflineProblem.LogDamaged => "log_damaged",
        OfflineProblem.SnapshotDamaged => "snapshot_damaged",
        OfflineProblem.NewerFormat => "newer_format",
        OfflineProblem.RevisionGone => "revision_gone",
        OfflineProblem.RevisionAhead => "revision_ahead",
        _ => "io_failed",
    };

    /// <summary>Reads files, and turns what the parts of a replica say of bad ones into this exception.</summary>
    internal static T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (Translate(e) is { } known)
        {
            throw known;
        }
    }

    /// <inheritdoc cref="Guard{T}(Func{T})"/>
    internal static async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (Translate(e) is { } known)
        {
            throw known;
        }
    }

    private static OfflineException? Translate(Exception e) => e switch
    {
        OfflineException => null,
        LogOpenException => new(OfflineProblem.LogDamaged, e.Message, e),
        SnapshotFormatException => new(OfflineProblem.SnapshotDamaged, e.Message, e),
        UnsupportedFormatException => new(OfflineProblem.NewerFormat, e.Message, e),
        DataFolderException { Problem: DataFolderProblem.Locked } => new(OfflineProblem.FolderLocked, e.Message, e),
        IOException or UnauthorizedAccessException => new(OfflineProblem.IoFailed, e.Message, e),
        _ => null,
    };
}
