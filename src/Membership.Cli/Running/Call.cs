using System.CommandLine;
using Membership.Cli.Output;

namespace Membership.Cli.Running;

/// <summary>One run of a verb: what was given, where results go, and when to stop.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="terminal">Where results go.</param>
/// <param name="cancel">Cancelled by Ctrl-C.</param>
internal sealed class Call(ParseResult parsed, Terminal terminal, CancellationToken cancel)
{
    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Cancel => cancel;

    public Terminal Terminal => terminal;

    /// <summary>The form of results.</summary>
    public OutputForm Form => parsed.GetValue(CommonOptions.Output);

    /// <summary>The value of an argument; one that is needed is there, or the verb would not run.</summary>
    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>The value of an option; its default when it was not given.</summary>
    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>Whether the option was given.</summary>
    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Shows one thing: a name and a value in each line, or a JSON object.</summary>
    public void Show(Fields fields)
    {
        if (Form == OutputForm.Json) terminal.Write(JsonForm.Document(fields));
        else terminal.Write(TableForm.Of(fields));
    }

    /// <summary>Shows a list: a table, or a JSON object with the list in it.</summary>
    public void Show(Listing listing)
    {
        if (Form == OutputForm.Json) terminal.Write(JsonForm.Document(listing.ToFields()));
        else terminal.Write(TableForm.Of(listing, terminal.IsRedirected));
    }

    /// <summary>Shows an item of a stream: a line of text, or one of JSON.</summary>
    public void ShowLine(Fields fields, Func<Fields, string> toText) =>
        terminal.Write((Form == OutputForm.Json ? JsonForm.Line(fields) : SafeText.Of(toText(fields))) + "\n");

    /// <summary>Goes on only when the one who asks says so: by <see cref="CommonOptions.Yes"/>, or at a terminal.</summary>
    /// <param name="what">What would be destroyed, as a sentence without its end.</param>
    /// <exception cref="ToolException">It was not confirmed.</exception>
    public void Confirm(string what)
    {
        if (Get(CommonOptions.Yes) || (terminal.CanAsk && terminal.Ask($"{what}. Go on?"))) return;
        throw new ToolException(ExitCode.NotConfirmed, "not_confirmed", $"{what}, give --yes to go on");
    }
}
