using System.CommandLine;
using Membership.Cli.Files;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Replication.Offline;

namespace Membership.Cli.Snapshots;

internal sealed class InspectSnapshotVerb : OfflineVerb
{
    private readonly Argument<string> _file = FolderArguments.Backup();

    public InspectSnapshotVerb()
        : base("snapshot inspect", "Shows what is in a backup, once all of it was checked. Offline.") => Take(_file);

    protected override async Task RunOfflineAsync(Call call)
    {
        var backup = await call.Terminal.WithProgressAsync("reading", _ => Task.Run(() => Backup.Read(call.Get(_file))));
        call.Show(new Fields { { "file", backup.Path }, { "size", backup.Bytes }, { "sha256", backup.Sha256 } }
            .With(StateFields.Of(backup.State))
            .With(new() { { "records", backup.Header.RecordCount } })
            .With(StateFields.CountsOf(backup.State)));
    }
}
