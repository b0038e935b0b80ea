using System.CommandLine;
using Membership.Cli.Running;

namespace Membership.Cli.Connections;

/// <summary>
/// A secret: from the first line of a file (<c>NAME-file</c>; <c>-</c> for the standard input) or, where history and process lists do
/// not matter, as it is (<c>NAME</c>).
/// </summary>
/// <param name="name">The option's name, such as <c>--token</c>.</param>
/// <param name="what">What it is.</param>
/// <param name="variable">The environment variable that may hold it, and with <c>_FILE</c> its file; null for none.</param>
internal sealed class SecretOption(string name, string what, string? variable = null)
{
    private readonly Option<string> _file = new($"{name}-file")
    {
        Description = $"{what}, in the first line of a file; - for the standard input{(variable is null ? "" : $" [env {variable}_FILE]")}",
        HelpName = "FILE",
    };

    private readonly Option<string> _text = new(name)
    {
        Description = $"the same as it is: seen in history and by other users{(variable is null ? "" : $" [env {variable}]")}",
        HelpName = "SECRET",
    };

    /// <summary>Both ways.</summary>
    public IEnumerable<Option> Options => [_file, _text];

    /// <summary>Whether it was given as an option, and not by the environment.</summary>
    public bool IsGiven(Call call) => call.Has(_file) || call.Has(_text);

    /// <summary>Reads it; null when it was not given.</summary>
    /// <exception cref="ToolException">It was given twice, or there is none in the file.</exception>
    public string? Read(Call call)
    {
        if (call.Has(_file) && call.Has(_text)) throw ToolException.WrongArgument($"{name} and {name}-file exclude each other, give one of them");
        if (call.Get(_text) is { } text) return NotEmpty(text, name);
        if (call.Get(_file) is { } file) return ReadFile(file);
        return IsGiven(call) || variable is null ? null : ReadEnvironment(variable);
    }

    private static string? ReadEnvironment(string variable)
    {
        if (Settings.Variable(variable) is { } text) return text;
        return Settings.Variable($"{variable}_FILE") is { } file ? ReadFile(file) : null;
    }

    private static string ReadFile(string file)
    {
        var line = file == "-" ? Console.In.ReadLine() : InputFile.ReadText(file).Split('\n')[0];
        return NotEmpty(line?.Trim() ?? "", file);
    }

    private static string NotEmpty(string secret, string where) =>
        secret.Length > 0 ? secret : throw ToolException.WrongArgument($"{where} holds no secret, write one into it");
}
