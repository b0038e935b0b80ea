using System.Text.RegularExpressions;
using Xunit;

namespace Membership.Tests;

/// <summary>Keeps the source tree tidy, where the compiler and the analyzers do not.</summary>
public sealed partial class SourceTreeTests
{
    private const int LineLengthMax = 200;
    private const int SourceLinesMax = 400;

    private static readonly string[] Folders = ["src", "tests", "samples"];

    [Fact]
    public void Files_end_with_a_line_feed_and_have_no_tabs_trailing_blanks_or_endless_lines()
    {
        var faults = new List<string>();
        foreach (var (name, text) in Files())
        {
            if (!text.EndsWith('\n') || text.EndsWith("\n\n", StringComparison.Ordinal)) faults.Add($"{name}: ends with one line feed");
            var lines = text.Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                if (lines[i].AsSpan().ContainsAny('\t', '\r')) faults.Add($"{name}:{i + 1}: a tab or carriage return");
                if (lines[i].EndsWith(' ')) faults.Add($"{name}:{i + 1}: blanks at the end");
                if (lines[i].Length > LineLengthMax) faults.Add($"{name}:{i + 1}: longer than {LineLengthMax}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void A_file_of_the_library_fits_in_a_head() => Assert.All(
        Files().Where(file => file.Name.StartsWith("src", StringComparison.Ordinal)),
        file => Assert.True(file.Text.Count(c => c == '\n') <= SourceLinesMax, $"{file.Name} has more than {SourceLinesMax} lines"));

    [Fact]
    public void Names_say_what_a_thing_is_and_nothing_is_left_to_do() => Assert.All(
        Files().Where(file => !file.Name.EndsWith("SourceTreeTests.cs", StringComparison.Ordinal)),
        file => Assert.DoesNotMatch(VagueOrUnfinished(), file.Text));

    [GeneratedRegex(@"\b(class|struct|record|interface)\s+\w*(Utils?|Helpers?|Managers?)\b|\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex VagueOrUnfinished();

    private static IEnumerable<(string Name, string Text)> Files() =>
        from folder in Folders
        let path = Path.Combine(SourceTree.Root, folder)
        where Directory.Exists(path)
        from file in Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(SourceTree.Root, file)
        where !name.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")
        select (name, File.ReadAllText(file));
}
