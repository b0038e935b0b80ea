using System.Globalization;
using System.Text;

namespace Membership.Tests.Scenarios;

/// <summary>Times of a scenario, told from its start: <c>0s</c>, <c>90s</c>, <c>30d1ms</c>.</summary>
internal static class ScenarioTime
{
    /// <summary>The leader's clock at the start: 2025-01-01 00:00 UTC, Unix ms.</summary>
    public const long StartMs = 1_735_689_600_000;

    private static readonly (string Unit, long Ms)[] Units =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    /// <summary>Reads a duration, in ms.</summary>
    public static long ParseMs(string text)
    {
        long total = 0;
        for (var at = 0; at < text.Length;)
        {
            var first = at;
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            var unitAt = at;
            while (at < text.Length && char.IsAsciiLetter(text[at])) at++;
            var unit = Array.Find(Units, unit => unit.Unit == text[unitAt..at]);
            if (first == unitAt || unit.Unit is null)
                throw new ScenarioException($"'{text}' is no duration; durations look like 90s, 30d, 1h30m, 5ms");

            total += long.Parse(text.AsSpan(first, unitAt - first), CultureInfo.InvariantCulture) * unit.Ms;
        }

        return total;
    }

    /// <summary>Writes a time as its distance from the start.</summary>
    public static string ToText(long timeMs)
    {
        var left = timeMs - StartMs;
        if (left <= 0) return left == 0 ? "0s" : "-" + ToText(StartMs - left);

        var text = new StringBuilder();
        foreach (var (unit, ms) in Units)
        {
            if (left >= ms) text.Append(CultureInfo.InvariantCulture, $"{left / ms}{unit}");
            left %= ms;
        }

        return text.ToString();
    }
}
