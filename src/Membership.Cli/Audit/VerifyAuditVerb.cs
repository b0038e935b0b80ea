using System.CommandLine;
using System.Text;
using Membership.Audit;
using Membership.Cli.Files;
using Membership.Cli.Output;
using Membership.Cli.Running;
using Membership.Queries;
using Membership.Replication.Offline;

namespace Membership.Cli.Audit;

internal sealed class VerifyAuditVerb : OfflineVerb
{
    private readonly Argument<string> _file = new("FILE") { Description = "an export of the whole trail, as JSON lines; - for the standard input" };
    private readonly Option<string> _backup = new("--backup")
    {
        Description = "a backup of the cluster: what both hold must be the same",
        HelpName = "FILE",
    };

    private readonly Option<string> _head = new("--head") { Description = "the hash that the last record must have: finds an end that was cut off", HelpName = "HASH" };

    public VerifyAuditVerb()
        : base("audit verify", "Finds a changed, removed or added line of an export by the chain of hashes. Offline.") => Take(_file, _backup, _head);

    protected override async Task RunOfflineAsync(Call call)
    {
        var file = call.Get(_file);
        var trail = call.Get(_backup) is { } backup ? TrailOf(Backup.Read(backup)) : [];
        var (check, isAnchored) = await call.Terminal.WithProgressAsync("verifying", progress => Task.Run(() => Follow(file, trail, progress)));
        var last = check.Last ?? throw Broken($"{file} holds no record");
        var hash = Convert.ToHexStringLower(last.Hash.Span);
        if (call.Get(_head) is { } head && !string.Equals(head, hash, StringComparison.OrdinalIgnoreCase))
            throw Broken($"{file} ends with record {last.Number}, whose hash is another than --head: its end is missing");
        if (call.Has(_backup) && !isAnchored) throw Broken($"{file} and the backup have no record in common");
        call.Show(new Fields
        {
            { "file", file },
            // What was cut off before its first record only another export can tell; so can the end, but for --head.
            { "verdict", check.First!.Number == 1 ? "whole" : "part" },
            { "records", check.Count },
            { "first_number", check.First.Number },
            { "last_number", last.Number },
            { "last_revision", last.Revision },
            { "last_hash", hash },
        });
    }

    private static (AuditCheck Check, bool IsAnchored) Follow(string file, Dictionary<ulong, AuditEntry> trail, IProgress<double> progress)
    {
        using var stream = file == "-" ? Console.OpenStandardInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true));
        var check = new AuditCheck();
        var (line, isAnchored) = (0L, false);
        while (Read(reader, ++line) is { } text)
        {
            if (check.Take(text) is { } fault) throw Broken($"line {line}: {fault}");
            var record = check.Last!;
            if (trail.TryGetValue(record.Number, out var held))
            {
                if (!held.Hash.Span.SequenceEqual(record.Hash.Span)) throw Broken($"line {line}: record {record.Number} is another than the backup's");
                isAnchored = true;
            }

            if (stream.CanSeek) progress.Report((double)stream.Position / Math.Max(1, stream.Length));
        }

        return (check, isAnchored);
    }

    private static string? Read(StreamReader reader, long line)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (DecoderFallbackException)
        {
            throw Broken($"line {line}, or one behind it: it is no UTF-8");
        }
    }

    private static Dictionary<ulong, AuditEntry> TrailOf(Backup backup) =>
        new Viewer(backup.State, Actor.Admin()).GetAudit(new()).Answer!.Records.ToDictionary(record => record.Number);

    private static ToolException Broken(string what) => new(ExitCode.Corrupt, "audit_broken", $"{what}, compare it with another export");
}
