using System.Globalization;

namespace Membership.Benchmarks.Reporting;

/// <summary>A number that the project holds itself to: one line that a script can find.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">The unit; <c>x</c> for a ratio.</param>
/// <param name="Must">What it must reach, such as <c>5</c>, or <c>&lt;=20</c> for an upper bound; null where nothing is asked.</param>
/// <param name="Aim">What it should reach.</param>
internal sealed record Figure(string Name, string Unit, string? Must = null, string? Aim = null)
{
    /// <summary>Prints the line.</summary>
    public void Print(double value) => Console.WriteLine(
        $"figure {Name} {value.ToString(FormatOf(value), CultureInfo.InvariantCulture)} {Unit}" + (Must is null ? "" : $" must {Must} aim {Aim}"));

    /// <summary>Prints the rounds, and the line with the middle one.</summary>
    public void Print(Spread rounds)
    {
        Console.WriteLine($"{Name}: {rounds.ToText(FormatOf(rounds.Median))} {Unit}");
        Print(rounds.Median);
    }

    private static string FormatOf(double value) => Math.Abs(value) < 1000 ? "0.###" : "0";
}
