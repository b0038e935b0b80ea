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
            throw new ToolException(ExitOf(e.Problem), e.Code, e.Message.TrimEnd('.'));
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
}
