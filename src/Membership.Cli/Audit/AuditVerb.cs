using System.CommandLine;
using System.Text;
using Membership.Audit;
using Membership.Cli.Connections;
using Membership.Cli.Files;
using Membership.Cli.Output;
using Membership.Cli.Running;

namespace Membership.Cli.Audit;

internal sealed class AuditVerb : ClientVerb
{
    private readonly AuditOptions _which = new();
    private readonly Option<string> _to = new("--to") { Description = "write them to a file, as JSON lines", HelpName = "FILE" };

    public AuditVerb()
        : base("audit", "Shows the audit trail, the oldest first; with -o json a line for each record. For admins of the registry.") =>
        Take([.. _which.All, _to, CommonOptions.Yes, Freshness.Option]);

    protected override Task RunAsync(Call call, Connection registry)
    {
        var records = ReadAsync(call, registry);
        if (call.Get(_to) is { } file) return ExportAsync(call, registry, records, file);
        return call.Form == OutputForm.Json ? WriteLinesAsync(call, records) : ShowTableAsync(call, records);
    }

    private IAsyncEnumerable<AuditEntry> ReadAsync(Call call, Connection registry) => registry.Client
        .EnumerateAuditAsync(_which.ToFilter(call), Freshness.Of(call), call.Cancel)
        .Where(record => _which.Selects(call, record));

    private static async Task WriteLinesAsync(Call call, IAsyncEnumerable<AuditEntry> records)
    {
        await foreach (var record in records) call.ShowLine(AuditFields.Of(record), _ => "");
    }

    private static async Task ShowTableAsync(Call call, IAsyncEnumerable<AuditEntry> records)
    {
        var rows = await records.Select(AuditFields.Of).ToListAsync(call.Cancel);
        call.Show(new Listing("records", AuditFields.Columns, rows));
    }

    private static async Task ExportAsync(Call call, Connection registry, IAsyncEnumerable<AuditEntry> records, string path)
    {
        using var file = NewFile.Begin(call, path);
        var revision = await registry.ReadRevisionAsync(call.Cancel, Freshness.Of(call).Consistency);
        var (count, last) = await call.Terminal.WithProgressAsync($"audit to {path}", async progress =>
        {
            var (lines, newest) = (0L, (AuditEntry?)null);
            await using var writer = new StreamWriter(file.Content, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            await foreach (var record in records)
            {
                await writer.WriteLineAsync(JsonForm.Line(AuditFields.Of(record)).AsMemory(), call.Cancel);
                (lines, newest) = (lines + 1, record);
                progress.Report((double)record.Revision / Math.Max(revision, record.Revision));
            }

            return (lines, newest);
        });
        file.Keep();
        call.Show(new Fields
        {
            { "file", file.Path },
            { "records", count },
            { "last_number", last?.Number },
            { "last_hash", last is null ? null : Convert.ToHexStringLower(last.Hash.Span) },
        });
    }
}
