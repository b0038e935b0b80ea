using System.Globalization;
using System.Text;

namespace Membership.Tests.Scenarios;

/// <summary>A word of a command line: <c>value</c> or <c>name=value</c>.</summary>
internal readonly record struct Word(string? Name, string Value);

/// <summary>
/// Cuts a line into words at spaces. <c>"…"</c> keeps spaces and knows <c>\n</c>, <c>\"</c> and <c>\uXXXX</c>; <c>'…'</c> keeps
/// everything as it is; <c>a*64</c> is 64 times <c>a</c>.
/// </summary>
internal static class CommandWords
{
    public static List<Word> Split(string line)
    {
        var words = new List<Word>();
        for (var at = 0; at < line.Length;)
        {
            if (line[at] == ' ') at++;
            else words.Add(ReadWord(line, ref at));
        }

        return words;
    }

    private static Word ReadWord(string line, ref int at)
    {
        string? name = null;
        var value = new StringBuilder();
        while (at < line.Length && line[at] != ' ')
        {
            var c = line[at++];
            switch (c)
            {
                case '\'':
                    value.Append(line, at, EndOfQuote(line, at, '\'') - at);
                    at = EndOfQuote(line, at, '\'') + 1;
                    break;
                case '"':
                    ReadQuoted(line, ref at, value);
                    break;
                case '=' when name is null:
                    name = value.ToString();
                    value.Clear();
                    break;
                case '*':
                    Repeat(line, ref at, value);
                    break;
                default:
                    value.Append(c);
                    break;
            }
        }

        return new(name, value.ToString());
    }

    private static int EndOfQuote(string line, int from, char quote)
    {
        var end = line.IndexOf(quote, from);
        return end >= 0 ? end : throw new ScenarioException($"the quote {quote} at column {from} does not end");
    }

    private static void ReadQuoted(string line, ref int at, StringBuilder value)
    {
        var first = at;
        for (; at < line.Length && line[at] != '"'; at++) value.Append(line[at] == '\\' ? ReadEscape(line, ref at) : line[at]);
        if (at == line.Length) throw new ScenarioException($"the quote \" at column {first} does not end");

        at++;
    }

    private static char ReadEscape(string line, ref int at)
    {
        at++;
        switch (at < line.Length ? line[at] : ' ')
        {
            case 'n':
                return '\n';
            case '"':
                return '"';
            case 'u' when at + 4 < line.Length:
                at += 4;
                return (char)ushort.Parse(line.AsSpan(at - 3, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            default:
                throw new ScenarioException("after \\ stands n, \" or u with four hex digits");
        }
    }

    private static void Repeat(string line, ref int at, StringBuilder value)
    {
        var first = at;
        while (at < line.Length && char.IsAsciiDigit(line[at])) at++;
        if (first == at) throw new ScenarioException("after * stands a number: a*64 is 64 times a (quote a * that is meant)");

        var text = value.ToString();
        value.Insert(0, text, int.Parse(line.AsSpan(first, at - first), CultureInfo.InvariantCulture) - 1);
    }
}
