using System.Collections;
using System.Globalization;

namespace Membership.Cli.Output;

/// <summary>A value as text on one line.</summary>
internal static class TextForm
{
    /// <summary>What stands for no value, so that each column has a word.</summary>
    public const string Nothing = "-";

    /// <summary>The text; <see cref="Nothing"/> for nothing.</summary>
    public static string Of(object? value) => value switch
    {
        null or "" => Nothing,
        bool flag => flag ? "yes" : "no",
        string text => SafeText.Of(text),
        IEnumerable<KeyValuePair<string, object?>> names => Join(names.Select(item => $"{item.Key}={Of(item.Value)}"), " "),
        IEnumerable list => Join(list.Cast<object?>().Select(Of), ","),
        _ => SafeText.Of(string.Create(CultureInfo.InvariantCulture, $"{value}")),
    };

    private static string Join(IEnumerable<string> parts, string separator) =>
        string.Join(separator, parts) is { Length: > 0 } joined ? joined : Nothing;
}
