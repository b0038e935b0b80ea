using System.Diagnostics;
using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Tests.Model;

/// <summary>
/// Rows 1 and 2 of the test plan: random logs through the model and the real state machine, compared after every entry, with every
/// (command × outcome) pair of the specification hit. Sizes: MEMBERSHIP_MODEL_RUNS, MEMBERSHIP_MODEL_OPS, MEMBERSHIP_SEED.
/// </summary>
public sealed class ModelEquivalenceTests(ITestOutputHelper output)
{
    [Fact]
    public void The_state_machine_answers_as_the_model_and_every_pair_of_the_specification_is_hit()
    {
        var (runs, operations) = (Sizes.Of("MEMBERSHIP_MODEL_RUNS", 2_000), Sizes.Of("MEMBERSHIP_MODEL_OPS", 200));
        var firstSeed = Sizes.Seed();
        output.WriteLine($"{runs} runs of {operations} operations, seeds from {firstSeed}");
        var (hits, watch) = (new HitTable(), Stopwatch.StartNew());
        for (var run = 0; run < runs; run++) Check(firstSeed + run, operations, hits);
        output.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s\n{hits}");

        var unhit = SpecPairs.Required.Where(pair => hits.Count(pair.Row, pair.Outcome) == 0);
        var unexpected = hits.Pairs.Except(SpecPairs.Required);
        Assert.Empty(SpecPairs.Required.Intersect(SpecPairs.Impossible.Select(pair => (pair.Row, pair.Outcome))));
        Assert.True(!unexpected.Any(), $"Pairs that the specification does not have: {string.Join("; ", unexpected)}");
        Assert.True(
            !unhit.Any() || runs < 500,
            $"Pairs that no run hit (seeds from {firstSeed}): {string.Join("; ", unhit)}");
    }

    private static void Check(int seed, int operations, HitTable hits)
    {
        var run = new EquivalenceRun(LogGenerator.LimitsOf(seed), hits);
        var generator = new LogGenerator(seed, run.Model);
        var log = new List<LogEntry>();
        for (var left = operations; left > 0; left -= Math.Max(1, log[^1].Steps.Length))
        {
            log.Add(generator.Next(left));
            if (run.Apply(log[^1]) is not null) Fail(seed, operations, log);
        }

        if (run.CompareAudit() is not null) Fail(seed, operations, log);
    }

    private static void Fail(int seed, int operations, List<LogEntry> log)
    {
        var limits = LogGenerator.LimitsOf(seed);
        var shortest = LogShrinker.Shrink(log, candidate => FirstDifference(limits, candidate) is not null);
        Assert.Fail(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {FirstDifference(limits, shortest)}
            The shortest log that shows it:
            {string.Join('\n', shortest)}
            Replay: MEMBERSHIP_SEED={seed} MEMBERSHIP_MODEL_RUNS=1 MEMBERSHIP_MODEL_OPS={operations} dotnet test tests/Membership.Tests --filter {nameof(ModelEquivalenceTests)}
            """));
    }

    private static string? FirstDifference(Limits limits, List<LogEntry> log)
    {
        var run = new EquivalenceRun(limits, new HitTable());
        foreach (var entry in log)
        {
            if (run.Apply(entry) is { } difference) return difference;
        }

        return run.CompareAudit();
    }
}
