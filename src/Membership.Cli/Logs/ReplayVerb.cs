using System.CommandLine;
using Membership.Cli.Files;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Replication.Offline;

namespace Membership.Cli.Logs;

internal sealed class ReplayVerb : OfflineVerb
{
    private readonly Argument<string> _folder = FolderArguments.Folder();
    private readonly Option<ulong?> _to = FolderArguments.RevisionOption("--to", "which revision; default is the last, with entries that were not known to be committed");
    private readonly Option<string> _out = new("--out") { Description = "write the state as a backup", HelpName = "FILE" };

    public ReplayVerb()
        : base("replay", "Makes the state of a revision out of snapshot and log. Offline.") => Take(_folder, _to, _out);

    protected override async Task RunOfflineAsync(Call call)
    {
        using var replica = OfflineReplica.Open(call.Get(_folder));
        var replay = await call.Terminal.WithProgressAsync("replaying", progress => Task.Run(() => replica.Replay(call.Get(_to), progress)));
        if (replay.MismatchIndex is { } index)
        {
            throw new ToolException(
                ExitCode.Corrupt, "state_diverged", $"the leader's digest in entry {index} is another than that of the state made here, replay another replica's folder");
        }

        var file = call.Get(_out) is { } path ? Backup.Write(replay.State, path).Path : null;
        call.Show(new Fields { { "folder", replica.Folder } }
            .With(StateFields.Of(replay.State))
            .With(StateFields.CountsOf(replay.State))
            .With(new()
            {
                { "snapshot", replay.Snapshot },
                { "entries", replay.EntryCount },
                { "checkpoints", replay.CheckpointCount },
                { "whole_entry", replay.IsWholeEntry },
                { "committed", replay.IsKnownCommitted },
                { "damaged", replay.Damaged },
                { "file", file },
            }));
    }
}
