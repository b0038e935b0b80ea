using System.CommandLine;
using System.Globalization;
using Membership.Cli.Files;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Replication.Offline;

namespace Membership.Cli.Logs;

internal sealed class DumpLogVerb : OfflineVerb
{
    private readonly Argument<string> _folder = FolderArguments.Folder();
    private readonly Option<long?> _from = FolderArguments.IndexOption("--from", "not before this entry; default is the first that is kept");
    private readonly Option<long?> _to = FolderArguments.IndexOption("--to", "not after this entry; default is the last");

    public DumpLogVerb()
        : base("log dump", "Shows the entries of a log, a line each, with what they ask for. Offline.") => Take(_folder, _from, _to);

    protected override Task RunOfflineAsync(Call call)
    {
        using var replica = OfflineReplica.Open(call.Get(_folder));
        foreach (var entry in replica.ReadLog(call.Get(_from) ?? 1, call.Get(_to) ?? long.MaxValue))
        {
            call.Cancel.ThrowIfCancellationRequested();
            call.ShowLine(EntryFields.Of(entry, entry.Index <= replica.Log.CommitIndex), ToText);
        }

        return Task.CompletedTask;
    }

    private static string ToText(Fields fields)
    {
        var kinds = ((IReadOnlyList<Fields>)fields["mutations"]!).CountBy(mutation => (string)mutation["kind"]!).Select(kind => $"{kind.Value} {kind.Key}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{fields["index"]} term {fields["term"]} {fields["kind"]} {TextForm.Of(fields["time"])} {string.Join(", ", kinds)}").TrimEnd();
    }
}
