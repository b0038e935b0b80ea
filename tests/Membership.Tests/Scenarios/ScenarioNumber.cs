using System.Globalization;

namespace Membership.Tests.Scenarios;

internal static class ScenarioNumber
{
    public static ulong Parse(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ScenarioException($"'{text}' is not a number");
}
