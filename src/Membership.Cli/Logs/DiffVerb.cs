using System.CommandLine;
using Membership.Cli.Audit;
using Membership.Cli.Files;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Replication.Offline;

namespace Membership.Cli.Logs;

internal sealed class DiffVerb : OfflineVerb
{
    private readonly Argument<string> _folder = FolderArguments.Folder();
    private readonly Argument<ulong> _after = FolderArguments.Revision("AFTER", "the revision before the first change");
    private readonly Argument<ulong> _upTo = FolderArguments.Revision("UPTO", "the revision of the last change");

    public DiffVerb()
        : base("diff", "Shows what changed between two revisions, as audit records. Offline.") => Take(_folder, _after, _upTo);

    protected override async Task RunOfflineAsync(Call call)
    {
        var (after, upTo) = (call.Get(_after), call.Get(_upTo));
        if (after > upTo) throw ToolException.WrongArgument($"revision {after} is behind {upTo}, give the lower one first");
        using var replica = OfflineReplica.Open(call.Get(_folder));
        var found = await call.Terminal.WithProgressAsync("replaying", progress => Task.Run(() => replica.Compare(after, upTo, progress)));
        call.Show(new Listing("changes", AuditFields.Columns, [.. found.Changes.Select(AuditFields.Of)])
        {
            About = new Fields { { "after", after } }.With(StateFields.Of(found.State)),
        });
    }
}
