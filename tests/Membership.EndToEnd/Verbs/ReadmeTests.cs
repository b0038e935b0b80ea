using System.Globalization;
using Membership.Cli.Running;
using Membership.Tests;
using Xunit;

namespace Membership.EndToEnd.Verbs;

/// <summary>The tables of the READMEs say what the code says.</summary>
public sealed class ReadmeTests
{
    private const string ByTests = ": written by the tests of Membership.EndToEnd, MEMBERSHIP_REWRITE=1 -->\n";
    private const string End = "<!-- end -->";

    private static readonly string Root = Path.Combine(SourceTree.Root, "README.md");
    private static readonly string OfPackage = Path.Combine(SourceTree.Root, "src", "Membership.Cli", "README.md");

    [Fact]
    public void The_verbs_of_the_package() => Check(OfPackage, "verbs", Table("Verb", "Does", CommandTree.FindVerbs().Select(verb => (
        $"`{verb.Path}{string.Concat(verb.Command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues > 0 ? $" {argument.Name}" : $" [{argument.Name}]"))}`"
            .Replace("|", "\\|", StringComparison.Ordinal),
        verb.Command.Description!))));

    [Fact]
    public void The_verbs_of_the_whole() => Check(Root, "verbs by noun", Table("Noun", "Verbs", CommandTree.FindVerbs()
        .Select(verb => verb.Path.Split(' '))
        .GroupBy(words => words.Length == 1 ? "" : words[0], words => $"`{words[^1]}`", StringComparer.Ordinal)
        .OrderBy(verbs => verbs.Key, StringComparer.Ordinal)
        .Select(verbs => (verbs.Key.Length == 0 ? "" : $"`{verbs.Key}`", string.Join(", ", verbs)))));

    [Fact]
    public void The_exit_codes_of_both()
    {
        var table = Table("Exit code", "Meaning", ExitCodes.All.Select(row => (((int)row.Code).ToString(CultureInfo.InvariantCulture), row.Meaning)));
        Check(OfPackage, "exit codes", table);
        Check(Root, "exit codes", table);
    }

    private static string Table(string left, string right, IEnumerable<(string Left, string Right)> rows) =>
        string.Concat(rows.Prepend(("---", "---")).Prepend((left, right)).Select(row => $"| {row.Item1} | {row.Item2} |\n")).Replace("| --- | --- |", "|---|---|", StringComparison.Ordinal);

    private static void Check(string file, string name, string table)
    {
        var text = File.ReadAllText(file);
        var begin = text.IndexOf($"<!-- {name}{ByTests}", StringComparison.Ordinal) + $"<!-- {name}{ByTests}".Length;
        var end = text.IndexOf(End, begin, StringComparison.Ordinal);
        if (SourceTree.IsRewriting) File.WriteAllText(file, text[..begin] + table + text[end..]);
        else Assert.Equal(table, text[begin..end]);
    }
}
