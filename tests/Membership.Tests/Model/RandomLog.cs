using System.Globalization;

namespace Membership.Tests.Model;

/// <summary>A random log with the limits that it was made for.</summary>
internal sealed record RandomLog(Limits Limits, IReadOnlyList<LogEntry> Entries)
{
    /// <summary>The log of this seed, of so many mutations.</summary>
    public static RandomLog Of(int seed, int operations)
    {
        var limits = LogGenerator.LimitsOf(seed);
        var model = new MembershipModel(limits);
        var generator = new LogGenerator(seed, model);
        var entries = new List<LogEntry>();
        for (var left = operations; left > 0; left -= Math.Max(1, entries[^1].Steps.Length))
        {
            entries.Add(generator.Next(left));
            model.Apply(entries[^1]);
        }

        return new(limits, entries);
    }
}

/// <summary>The sizes of random tests: environment variables, so that a nightly run is the same code with larger numbers.</summary>
internal static class Sizes
{
    public static int Of(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    /// <summary>MEMBERSHIP_SEED, or one of this run's own.</summary>
    public static int Seed() => Of("MEMBERSHIP_SEED", Random.Shared.Next(1, 1_000_000_000));
}
