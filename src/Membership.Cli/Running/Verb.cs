using System.CommandLine;

namespace Membership.Cli.Running;

/// <summary>
/// One thing that the tool does. A verb is one file in the folder of its noun: its symbols as fields, its place and description in the
/// constructor, and what it does in <see cref="RunAsync"/>. <see cref="CommandTree"/> finds it by itself.
/// </summary>
/// <remarks>What asks replicas derives from <see cref="Connections.ClientVerb"/>, what works on files from this.</remarks>
internal abstract class Verb
{
    /// <param name="path">The words of the command, such as <c>network rename</c>.</param>
    /// <param name="description">One sentence for the help.</param>
    protected Verb(string path, string description)
    {
        Path = path;
        Command = new(path[(path.LastIndexOf(' ') + 1)..], description);
    }

    /// <summary>The words of the command.</summary>
    public string Path { get; }

    /// <summary>The command as it is parsed.</summary>
    public Command Command { get; }

    /// <summary>Options behind its own ones in the help.</summary>
    public virtual IEnumerable<Option> SharedOptions => [];

    /// <summary>Does it, and shows at most one result.</summary>
    /// <exception cref="ToolException">It ends otherwise than well.</exception>
    public abstract Task RunAsync(Call call);

    /// <summary>Arguments, in their order, and options of the command.</summary>
    protected void Take(params IEnumerable<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) Command.Arguments.Add(argument);
            else Command.Options.Add((Option)symbol);
        }
    }
}
