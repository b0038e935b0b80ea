using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Membership.Replication.Hosting;

/// <summary>Takes options from a configuration section by a table of setters: what the table lacks is a mistake, and is said to be one.</summary>
internal static class OptionSetting
{
    /// <summary>Sets every option that the section has.</summary>
    /// <param name="section">The section.</param>
    /// <param name="options">What is set.</param>
    /// <param name="setters">How each option is read.</param>
    /// <param name="others">Names that others read from the section.</param>
    /// <exception cref="OptionsValidationException">A value cannot be read, or there is no such option.</exception>
    public static void Apply<T>(
        IConfiguration section, T options, IReadOnlyDictionary<string, Action<T, IConfigurationSection>> setters, params string[] others)
    {
        var problems = new List<string>();
        foreach (var setting in section.GetChildren())
        {
            try
            {
                if (setters.TryGetValue(setting.Key, out var set)) set(options, setting);
                else if (!others.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)) problems.Add(Unknown(setting, setters.Keys.Concat(others)));
            }
            catch (FormatException e)
            {
                problems.Add(e.Message);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or System.Security.Cryptography.CryptographicException)
            {
                problems.Add($"{setting.Path} names a file that cannot be used: {e.Message}");
            }
        }

        if (problems.Count > 0) throw new OptionsValidationException(Options.DefaultName, typeof(T), problems);
    }

    /// <summary>A text.</summary>
    public static string Text(IConfigurationSection setting) => setting.Value ?? throw Wrong(setting, "a text");

    /// <summary>A number.</summary>
    public static T Number<T>(IConfigurationSection setting)
        where T : struct, ISpanParsable<T> =>
        T.TryParse(setting.Value, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(setting, "a number");

    /// <summary>A yes or no.</summary>
    public static bool Flag(IConfigurationSection setting) => bool.TryParse(setting.Value, out var flag) ? flag : throw Wrong(setting, "true or false");

    /// <summary>One of the words of an enumeration.</summary>
    public static T Word<T>(IConfigurationSection setting)
        where T : struct, Enum =>
        Enum.TryParse<T>(setting.Value, ignoreCase: true, out var word) && Enum.IsDefined(word) ? word : throw Wrong(setting, $"one of {string.Join(", ", Enum.GetNames<T>())}");

    /// <summary>A span of time.</summary>
    public static TimeSpan Time(IConfigurationSection setting) =>
        TimeSpan.TryParse(setting.Value, CultureInfo.InvariantCulture, out var time) ? time : throw Wrong(setting, "a time such as 00:05:00");

    /// <summary>An address to listen at.</summary>
    public static IPEndPoint Listen(IConfigurationSection setting) =>
        ReplicaAddress.TryParseEndPoint(setting.Value) as IPEndPoint ?? throw Wrong(setting, "an IP address and a port such as 127.0.0.1:4711");

    /// <summary>An address of another machine.</summary>
    public static EndPoint Address(IConfigurationSection setting) =>
        ReplicaAddress.TryParseEndPoint(setting.Value) ?? throw Wrong(setting, "host:port");

    private static string Unknown(IConfigurationSection setting, IEnumerable<string> known) =>
        $"{setting.Path} is no option: remove it, or correct it to one of {string.Join(", ", known.Order(StringComparer.Ordinal))}.";

    /// <summary>What a value should have been.</summary>
    public static FormatException Wrong(IConfigurationSection setting, string fix) => new(OptionProblem.Of(setting.Path, setting.Value, fix));
}
