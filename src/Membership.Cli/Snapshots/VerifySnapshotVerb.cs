using System.CommandLine;
using Membership.Cli.Files;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Replication.Offline;

namespace Membership.Cli.Snapshots;

internal sealed class VerifySnapshotVerb : OfflineVerb
{
    private readonly Argument<string> _file = FolderArguments.Backup();

    public VerifySnapshotVerb()
        : base("snapshot verify", "Checks every checksum of a backup, its digest and the invariants of its state. Offline.") => Take(_file);

    protected override async Task RunOfflineAsync(Call call)
    {
        var backup = await call.Terminal.WithProgressAsync("reading", _ => Task.Run(() => Backup.Read(call.Get(_file))));
        call.Show(new Fields { { "file", backup.Path }, { "verdict", "whole" }, { "sha256", backup.Sha256 } }.With(StateFields.Of(backup.State)));
    }
}
