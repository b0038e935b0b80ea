using System.CommandLine.Parsing;
using System.Globalization;

namespace Membership.Cli.Running;

/// <summary>Turns words of the command line into values; a word that is none is an error that says what would be one.</summary>
internal static class Parsing
{
    public const string NodeRange = "a node id, 1 to 4294967295";
    public const string NetworkRange = "a network id, 0 to 65535";

    /// <summary>A parser for an argument or option of one word.</summary>
    /// <param name="read">Reads the word; null when it is none.</param>
    /// <param name="expected">What would be one.</param>
    public static Func<ArgumentResult, T?> Of<T>(Func<string, T?> read, string expected) => result =>
    {
        var word = result.Tokens.Single().Value;
        if (read(word) is { } value) return value;
        result.AddError($"'{word}' is not {expected}");
        return default;
    };

    /// <inheritdoc cref="Of{T}(Func{string,T},string)"/>
    public static Func<ArgumentResult, T> Of<T>(Func<string, T?> read, string expected)
        where T : struct => result =>
    {
        var word = result.Tokens.Single().Value;
        if (read(word) is { } value) return value;
        result.AddError($"'{word}' is not {expected}");
        return default;
    };

    /// <summary>A node that is somebody.</summary>
    public static NodeId? Node(string word) => Number<uint>(word) is { } id and > 0 ? new NodeId(id) : null;

    public static NetworkId? Network(string word) => Number<ushort>(word) is { } id ? new NetworkId(id) : null;

    /// <summary>A number in decimal digits alone.</summary>
    public static T? Number<T>(string word)
        where T : struct, System.Numerics.IBinaryInteger<T> =>
        T.TryParse(word, NumberStyles.None, NumberFormatInfo.InvariantInfo, out var number) ? number : null;

    /// <summary>A time above 0 such as <c>10s</c>, <c>500ms</c>, <c>2m</c>, <c>1h</c>.</summary>
    public static TimeSpan? Duration(string word)
    {
        var digits = word.TakeWhile(char.IsAsciiDigit).Count();
        if (Number<uint>(word[..digits]) is not { } number) return null;
        TimeSpan? time = word[digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => null,
        };
        return time > TimeSpan.Zero && time <= TimeSpan.FromDays(1) ? time : null;
    }
}
