using System.Collections.Immutable;
using System.Text;
using Xunit;

namespace Membership.Tests.Scenarios;

/// <summary>Runs every file of this folder, and demands that the files together cover every command of the specification.</summary>
public sealed class ScenarioTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Scenarios");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public static TheoryData<MutationKind> Kinds => [.. Enum.GetValues<MutationKind>()];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_file_tells_what_happens(string file)
    {
        var (scenario, outputs, _) = Run(file);
        if (SourceTree.IsRewriting)
        {
            File.WriteAllText(Path.Combine(SourceTree.TestProject, "Scenarios", file), scenario.Rewrite(block => outputs[block]));
            return;
        }

        var differences = new StringBuilder();
        foreach (var block in scenario.Blocks.Where(block => !block.Expected.SequenceEqual(outputs[block])))
            differences.Append(Difference(file, block, outputs[block]));
        Assert.True(differences.Length == 0, differences.ToString());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_mutation_has_a_file_that_shows_its_rejections_in_the_order_of_its_row(MutationKind kind)
    {
        var row = CommandRow.All.Single(row => row.Kind == kind);
        var file = $"{kind.ToText()}.txt";
        Assert.True(File.Exists(Path.Combine(Folder, file)), $"no scenario Scenarios/{file}");

        // A stale credential is told before the row begins, whatever the command is.
        var runs = Run(file).Runner.Runs
            .Where(run => run.Kind == kind && !run.Outcome.Repeated && run.Outcome.Code != Code.StaleCredential)
            .ToList();
        var rejections = runs.Where(run => !run.Outcome.IsOk).Select(run => run.Outcome.Code).Distinct();
        Assert.Equal(row.Rejections, rejections);
        Assert.Contains(runs, run => run.Outcome.IsOk && run.EventCount > 0);
        Assert.Equal(row.MayChangeNothing, runs.Exists(run => run.Outcome.IsOk && run.EventCount == 0));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_state_at_the_end_survives_a_snapshot_and_a_replay(string file)
    {
        var runner = Run(file).Runner;
        Assert.Equal("restored: equal bytes, equal digest", Assert.Single(runner.Run(new(1, ["snapshot"], []))));
        Assert.EndsWith("equal digest", Assert.Single(runner.Run(new(1, ["replay"], []))), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_file_has_the_form_that_it_is_rewritten_in(string file)
    {
        var text = File.ReadAllText(Path.Combine(Folder, file));
        Assert.Equal(text, ScenarioFile.Parse(file, text).Rewrite(block => block.Expected));
    }

    private static Execution Run(string file)
    {
        var scenario = ScenarioFile.Parse(file, File.ReadAllText(Path.Combine(Folder, file)));
        var runner = new ScenarioRunner(file);
        return new(scenario, scenario.Blocks.ToDictionary(block => block, runner.Run), runner);
    }

    private static string Difference(string file, ScenarioBlock block, ImmutableArray<string> output) =>
        $"""

        {file}:{block.Line}: {string.Join("\n    ", block.Commands)}
          expected:
            {string.Join("\n    ", block.Expected)}
          printed:
            {string.Join("\n    ", output)}

        """;

    private sealed record Execution(
        ScenarioFile Scenario, Dictionary<ScenarioBlock, ImmutableArray<string>> Outputs, ScenarioRunner Runner);
}
