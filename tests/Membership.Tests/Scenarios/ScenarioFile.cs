using System.Collections.Immutable;

namespace Membership.Tests.Scenarios;

/// <summary>Command lines, and the lines that they must print.</summary>
/// <param name="Line">Line number of the first command, from 1.</param>
/// <param name="Commands">One or more; several mutations form one log entry.</param>
/// <param name="Expected">What follows <c>----</c>, up to the blank line.</param>
internal sealed record ScenarioBlock(int Line, ImmutableArray<string> Commands, ImmutableArray<string> Expected);

/// <summary>
/// A text of blocks, parted by blank lines: commands, a line <c>----</c>, the expected output. Lines that begin with <c>#</c> between
/// blocks are comments.
/// </summary>
internal sealed class ScenarioFile
{
    private const string Separator = "----";

    // What stands in the file, in order: a comment or blank line as it is, or a block.
    private readonly List<(string? Text, ScenarioBlock? Block)> _parts = [];

    public string Name { get; private init; } = "";

    public IEnumerable<ScenarioBlock> Blocks => _parts.Select(part => part.Block).OfType<ScenarioBlock>();

    public static ScenarioFile Parse(string name, string text)
    {
        var file = new ScenarioFile { Name = name };
        var lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        for (var next = 0; next < lines.Length;)
        {
            if (lines[next].Length == 0 || lines[next][0] == '#') file._parts.Add((lines[next++], null));
            else file._parts.Add((null, ParseBlock(name, lines, ref next)));
        }

        return file;
    }

    /// <summary>The same text with other expected output; comments and commands stay as they are.</summary>
    public string Rewrite(Func<ScenarioBlock, IEnumerable<string>> output)
    {
        var lines = _parts.SelectMany(part => part.Block is { } block
            ? [.. block.Commands, Separator, .. output(block)]
            : (IEnumerable<string>)[part.Text!]);
        return string.Join('\n', lines) + '\n';
    }

    private static ScenarioBlock ParseBlock(string name, string[] lines, ref int next)
    {
        var first = next;
        var commands = TakeWhile(lines, ref next, line => line != Separator && line.Length > 0);
        if (next == lines.Length || lines[next] != Separator)
            throw new ScenarioException(name, next + 1, $"the commands above need a line '{Separator}' and the expected output after it");

        next++;
        var expected = TakeWhile(lines, ref next, line => line.Length > 0);
        if (expected.Contains(Separator))
            throw new ScenarioException(name, first + 1, $"two lines '{Separator}' in one block: part blocks by a blank line");

        return new(first + 1, commands, expected);
    }

    private static ImmutableArray<string> TakeWhile(string[] lines, ref int next, Func<string, bool> belongs)
    {
        var first = next;
        while (next < lines.Length && belongs(lines[next])) next++;
        return [.. lines[first..next]];
    }
}
