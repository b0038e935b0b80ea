using System.CommandLine;
using Membership.Cli.Files;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Replication.Offline;

namespace Membership.Cli.Logs;

internal sealed class VerifyLogVerb : OfflineVerb
{
    private readonly Argument<string> _folder = FolderArguments.Folder();

    public VerifyLogVerb()
        : base("log verify", "Checks every entry of a log against its hash and its order. Offline.") => Take(_folder);

    protected override async Task RunOfflineAsync(Call call)
    {
        using var replica = OfflineReplica.Open(call.Get(_folder));
        var log = await call.Terminal.WithProgressAsync("verifying", progress => Task.Run(() => replica.VerifyLog(progress)));
        call.Show(new Fields
        {
            { "folder", replica.Folder },
            { "verdict", "whole" },
            { "cluster", replica.ClusterId },
            { "replica", replica.ReplicaId },
            { "first_index", log.FirstIndex },
            { "last_index", log.LastIndex },
            { "commit_index", log.CommitIndex },
            { "torn", log.IsTorn },
            { "term", log.Term },
        });
    }
}
