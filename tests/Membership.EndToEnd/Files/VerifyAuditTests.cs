using System.Globalization;
using Membership.Cli.Running;
using Membership.EndToEnd.Running;
using Xunit;

namespace Membership.EndToEnd.Files;

/// <summary>Whatever is done to an export is found, at its line.</summary>
[Collection(RunningCluster.Name)]
public sealed class VerifyAuditTests(RunningCluster cluster)
{
    [Fact]
    [Verb("audit verify")]
    public async Task Changed_removed_and_added_lines_are_found()
    {
        var (network, owner) = await cluster.CreateAsync(JoinRule.Invite);
        var guest = await cluster.RegisterAsync();
        (await cluster.RunAsync(owner, $"invite send {network} {guest.Id}")).Succeeded();
        (await cluster.RunAsync($"network policy {network} --max-members 9 --allowed-ports 1,2")).Succeeded();
        (await cluster.RunAsync($"node external-id {guest.Id}", "ann \u001b é \"")).Succeeded();
        var file = cluster.NewPath();
        var exported = (await cluster.RunAsync($"audit --to {file} -o json")).Document();
        var head = exported.GetProperty("last_hash").GetString()!;
        var lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(("whole", $"{lines.Length}"), ((await VerifyAsync(lines)).Value("verdict"), (await VerifyAsync(lines)).Value("records")));
        Assert.Equal(head, (await Tool.RunAsync("audit", "verify", file, "--head", head, "-o", "json")).Document().GetProperty("last_hash").GetString());

        // What is missing before the first line is told; what is missing at the end only the head tells.
        Assert.Equal(("part", "3"), ((await VerifyAsync(lines[2..])).Value("verdict"), (await VerifyAsync(lines[2..])).Value("first_number")));
        (await VerifyAsync(lines[..^1])).Succeeded();
        (await VerifyAsync(lines[..^1], "--head", head)).Failed(ExitCode.Corrupt, "audit_broken");

        var policy = Array.FindLastIndex(lines, line => line.Contains($"\"network_id\":{network}", StringComparison.Ordinal));
        await BrokenAsync(With(lines, policy, lines[policy].Replace("\"network_id\":", "\"network_id\":1", StringComparison.Ordinal)), policy);
        await BrokenAsync(With(lines, 1, lines[1].Replace("\"actor\":\"", "\"actor\":\"x", StringComparison.Ordinal)), 1);
        await BrokenAsync(With(lines, 1, lines[1].Replace("{\"number\"", "{\"note\":1,\"number\"", StringComparison.Ordinal)), 1);
        await BrokenAsync(With(lines, 1, lines[1].Replace("{\"number\"", "{\"number\":7,\"number\"", StringComparison.Ordinal)), 1);
        await BrokenAsync(With(lines, 1, "nonsense"), 1);
        await BrokenAsync(With(lines, 1, ""), 1);
        await BrokenAsync([.. lines[..2], .. lines[3..]], 2);
        await BrokenAsync([.. lines[..2], lines[0], .. lines[2..]], 2);
        await BrokenAsync([.. lines[..2], lines[1], .. lines[2..]], 2);
        await BrokenAsync([.. lines[..1], lines[2], lines[1], .. lines[3..]], 1);
        await BrokenAsync([], -1);
        (await Tool.RunAsync("audit", "verify", file + "-none")).Failed(ExitCode.FileFailed, "file_failed");
    }

    private static string[] With(string[] lines, int index, string line)
    {
        var changed = (string[])lines.Clone();
        Assert.NotEqual(changed[index], line);
        changed[index] = line;
        return changed;
    }

    private async Task BrokenAsync(string[] lines, int index)
    {
        var run = (await VerifyAsync(lines)).Failed(ExitCode.Corrupt, "audit_broken");
        if (index >= 0) Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"line {index + 1}: "), run.Error, StringComparison.Ordinal);
    }

    private Task<ToolRun> VerifyAsync(string[] lines, params string[] more) =>
        Tool.RunAsync(["audit", "verify", cluster.Write(string.Concat(lines.Select(line => line + "\n"))), .. more]);
}
