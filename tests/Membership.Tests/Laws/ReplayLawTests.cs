using System.Diagnostics;
using System.Globalization;
using Membership.State;
using Membership.Tests.Model;
using Xunit;
using Xunit.Abstractions;

namespace Membership.Tests.Laws;

/// <summary>
/// Row 3 of the test plan: what replicas rely on when one of them starts from a snapshot, or runs on another kind of machine.
/// Sizes: MEMBERSHIP_LAW_LOGS, MEMBERSHIP_LAW_OPS, MEMBERSHIP_SEED.
/// </summary>
public sealed class ReplayLawTests(ITestOutputHelper output)
{
    private const int SamplesOfLog = 3;

    [Fact]
    public void A_snapshot_and_the_rest_of_the_log_are_as_good_as_the_whole_log()
    {
        var (logs, operations, firstSeed) = Announce();
        for (var seed = firstSeed; seed < firstSeed + logs; seed++)
        {
            var log = RandomLog.Of(seed, operations);
            var entries = log.Entries.Select(entry => entry.Encode()).ToList();
            var whole = Replay.Founded(log.Limits);
            whole.Apply(entries);
            var last = whole.Snapshot();
            var chance = new Chance(seed);
            for (var sample = 0; sample < SamplesOfLog; sample++)
            {
                var k = chance.Between(0, entries.Count);
                var before = Replay.Founded(log.Limits);
                before.Apply(entries.Take(k));
                var rest = Replay.Restored(before.Snapshot(), log.Limits);
                rest.Apply(entries.Skip(k));

                var at = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, snapshot after {k} of {entries.Count} entries");
                Assert.True(whole.State.Digest == rest.State.Digest, $"The digests differ: {at}");
                Assert.True(whole.Outcomes.SequenceEqual(before.Outcomes.Concat(rest.Outcomes)), $"The outcomes differ: {at}");
                Assert.True(last.AsSpan().SequenceEqual(rest.Snapshot()), $"The snapshots differ: {at}");
            }
        }
    }

    [Fact]
    public void A_snapshot_of_a_restored_snapshot_is_the_same_bytes()
    {
        var (logs, operations, firstSeed) = Announce();
        for (var seed = firstSeed; seed < firstSeed + logs; seed++)
        {
            var log = RandomLog.Of(seed, operations);
            var replay = Replay.Founded(log.Limits);
            replay.Apply(log.Entries.Select(entry => entry.Encode()));
            var snapshot = replay.Snapshot();
            var restored = Replay.Restored(snapshot, log.Limits);

            Assert.True(snapshot.AsSpan().SequenceEqual(restored.Snapshot()), $"seed {seed}");
            Assert.Equal(replay.State.Digest, restored.State.Digest);
            Assert.Equal(StateView.Of(replay.State), StateView.Of(restored.State));
            Assert.Empty(Invariants.Check(restored.State));
        }
    }

    [Fact]
    public void The_culture_of_the_thread_changes_nothing()
    {
        var (logs, operations, firstSeed) = Announce();
        logs = Math.Max(1, logs / 10);
        var expected = Replay.FingerprintOf(firstSeed, logs, operations);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = StrangeCulture();
            Assert.Equal(expected, Replay.FingerprintOf(firstSeed, logs, operations));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("TZ", "Pacific/Chatham")]
    [InlineData("LC_ALL", "tr_TR.UTF-8")]
    [InlineData("DOTNET_gcServer", "1")]
    [InlineData("DOTNET_gcConcurrent", "0")]
    [InlineData("DOTNET_TieredCompilation", "0")]
    public async Task Another_process_comes_to_the_same_bytes(string variable, string value)
    {
        // Each process draws its own seed for hashes of strings.
        var (logs, operations, firstSeed) = Announce();
        logs = Math.Max(1, logs / 20);
        var expected = Replay.FingerprintOf(firstSeed, logs, operations);
        Assert.Equal(expected, await RunAsync(variable, value, firstSeed, logs, operations));
    }

    private static async Task<string> RunAsync(string variable, string value, params int[] numbers)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList = { "exec", typeof(Replay).Assembly.Location },
        };
        foreach (var number in numbers) start.ArgumentList.Add(number.ToString(CultureInfo.InvariantCulture));
        start.Environment[variable] = value;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var process = Process.Start(start)!;
        try
        {
            var printed = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(0, process.ExitCode);
            return printed.Trim();
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>No culture of a country is at hand without their tables, so one is made up: other signs, other digits between groups.</summary>
    private static CultureInfo StrangeCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "minus ";
        culture.NumberFormat.PositiveSign = "plus ";
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = "'";
        culture.DateTimeFormat.DateSeparator = "|";
        return culture;
    }

    private (int Logs, int Operations, int FirstSeed) Announce()
    {
        var (logs, operations, seed) = (Sizes.Of("MEMBERSHIP_LAW_LOGS", 500), Sizes.Of("MEMBERSHIP_LAW_OPS", 120), Sizes.Seed());
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{logs} logs of {operations} operations, replay: MEMBERSHIP_SEED={seed} dotnet test tests/Membership.Tests --filter {nameof(ReplayLawTests)}"));
        return (logs, operations, seed);
    }
}
