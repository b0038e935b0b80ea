using System.Globalization;

namespace Membership.Replication.Hosting;

/// <summary>How a wrong option is told of: its name, what it is, what to set it to.</summary>
internal static class OptionProblem
{
    /// <summary>Null when the option is right.</summary>
    public static string? Unless(bool isRight, string option, object? value, string fix) => isRight ? null : Of(option, value, fix);

    /// <summary>Tells of a wrong option.</summary>
    public static string Of(string option, object? value, string fix) => $"{option} is {TextOf(value)}: set it to {fix}.";

    private static string TextOf(object? value) => value switch
    {
        null => "not set",
        string { Length: 0 } => "empty",
        string text => $"'{text}'",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
