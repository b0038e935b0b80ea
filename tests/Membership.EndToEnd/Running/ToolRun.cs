using System.Text.Json;
using Membership.Cli.Running;
using Xunit;

namespace Membership.EndToEnd.Running;

/// <summary>What a run of the tool left behind.</summary>
/// <param name="Command">What was run, for messages.</param>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Output">The standard output.</param>
/// <param name="Error">The error stream.</param>
internal sealed record ToolRun(string Command, ExitCode ExitCode, string Output, string Error)
{
    /// <summary>Fails unless it ended well and without a word on the error stream.</summary>
    public ToolRun Succeeded()
    {
        Assert.True(ExitCode == ExitCode.Ok && Error.Length == 0, ToString());
        return this;
    }

    /// <summary>Fails unless it ended with this exit code and one line of error that begins with this code and says what to do.</summary>
    public ToolRun Failed(ExitCode exitCode, string code)
    {
        Assert.True(ExitCode == exitCode, ToString());
        var line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"error: {code}: ", line, StringComparison.Ordinal);
        Assert.Contains(", ", line, StringComparison.Ordinal);
        return this;
    }

    /// <summary>The JSON document that it wrote, nothing before or after it.</summary>
    public JsonElement Document()
    {
        Succeeded();
        return Parse(Output);
    }

    /// <summary>The JSON lines that it wrote.</summary>
    public IReadOnlyList<JsonElement> Lines()
    {
        Succeeded();
        return [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    /// <summary>The value in the line of a table that begins with this name.</summary>
    public string Value(string name)
    {
        Succeeded();
        var line = Assert.Single(Rows(), row => row[0] == name);
        return string.Join(' ', line[1..]);
    }

    /// <summary>The words of each line.</summary>
    public IReadOnlyList<string[]> Rows() =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    public override string ToString() => $"membership {Command}\nexit code {(int)ExitCode}\n{Output}{Error}";

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
