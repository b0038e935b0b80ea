using Membership.Cli.Running;
using Membership.Replication.Offline;

namespace Membership.Cli.Files;

/// <summary>A verb that works on the files of a replica or on a backup, with no replica running: what is wrong with them ends it with its code.</summary>
internal abstract class OfflineVerb : Verb
{
    protected OfflineVerb(string path, string description)
        : base(path, description)
    {
    }

    public sealed override async Task RunAsync(Call call)
    {
        try
        {
            await RunOfflineAsync(call);
        }
        catch (OfflineException e)
        {
            throw new ToolException(ExitOf(e.Problem), e.Code, $"{e.Message.TrimEnd('.')}, {AdviceFor(e.Problem)}");
        }
    }

    /// <summary>Does it.</summary>
    /// <exception cref="OfflineException">The files cannot be used so.</exception>
    protected abstract Task RunOfflineAsync(Call call);

    private static ExitCode ExitOf(OfflineProblem problem) => problem switch
    {
        OfflineProblem.FolderDamaged or OfflineProblem.LogDamaged or OfflineProblem.SnapshotDamaged or OfflineProblem.NewerFormat => ExitCode.Corrupt,
        OfflineProblem.RevisionGone or OfflineProblem.RevisionAhead => ExitCode.WrongArgument,
        _ => ExitCode.FileFailed,
    };

    private static string AdviceFor(OfflineProblem problem) => problem switch
    {
        OfflineProblem.FolderMissing or OfflineProblem.FolderEmpty => "name the data folder of a replica that was in use",
        OfflineProblem.FolderNotEmpty => "give an empty folder",
        OfflineProblem.FolderLocked => "stop the process that uses it",
        OfflineProblem.FolderUnfinished => "give that command again",
        OfflineProblem.FolderRemoved or OfflineProblem.FolderDiverged => "take another replica's folder, or if there is none make a backup of this one with 'membership replay --out' and restore that",
        OfflineProblem.FolderDamaged or OfflineProblem.LogDamaged => "take another replica's folder or a backup",
        OfflineProblem.SnapshotDamaged => "take another backup or a replica's folder",
        OfflineProblem.NewerFormat => "use a newer version of this tool",
        OfflineProblem.RevisionGone => "ask for a later revision",
        OfflineProblem.RevisionAhead => "ask for an earlier revision",
        _ => "see that it is there and may be used",
    };
}
