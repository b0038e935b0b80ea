using System.Globalization;
using System.Text;

namespace Membership.Cli.Output;

/// <summary>Text that cannot move the cursor, colour the screen or turn the reading order: what others sent is shown, never obeyed.</summary>
internal static class SafeText
{
    /// <summary>The text with such characters as <c>\u{…}</c>.</summary>
    public static string Of(string text)
    {
        if (text.EnumerateRunes().All(IsHarmless)) return text;
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsHarmless(rune)) safe.Append(rune.ToString());
            else safe.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }

        return safe.ToString();
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
