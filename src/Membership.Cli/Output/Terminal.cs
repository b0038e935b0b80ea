using Membership.Cli.Running;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Membership.Cli.Output;

/// <summary>The three streams of the process: results go to the output, errors, questions and progress to the error stream.</summary>
internal sealed class Terminal
{
    // Wider than any row: a row is a line, for whoever reads it.
    private const int UnfoldedWidth = 100_000;

    private readonly TextWriter _output = Console.Out;
    private readonly TextWriter _error = Console.Error;
    private readonly IAnsiConsole _errors = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>Whether results go to a file or another program.</summary>
    public bool IsRedirected { get; } = Console.IsOutputRedirected;

    /// <summary>Whether somebody is there to answer.</summary>
    public bool CanAsk { get; } = !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>Writes a part of the result, with its line ends.</summary>
    public void Write(string text)
    {
        try
        {
            _output.Write(text);
            _output.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ToolException.FileFailed($"the output cannot be written ({e.Message.TrimEnd('.')}), look whether what was asked is done: it may be");
        }
    }

    /// <summary>Writes a line of error.</summary>
    public void WriteError(string line) => _error.WriteLine(SafeText.Of(line));

    /// <summary>Asks a question; no is the answer that needs no thought.</summary>
    public bool Ask(string question) => _errors.Confirm(Markup.Escape(SafeText.Of(question)), defaultValue: false);

    /// <summary>Writes a table: with lines and colours at a terminal, as plain columns elsewhere.</summary>
    public void Write(IRenderable table)
    {
        if (!IsRedirected)
        {
            AnsiConsole.Profile.Width = UnfoldedWidth;
            AnsiConsole.Write(table);
            return;
        }

        using var text = new StringWriter();
        var plain = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, Interactive = InteractionSupport.No });
        plain.Profile.Width = UnfoldedWidth;
        plain.Write(table);
        Write(string.Concat(text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd() + "\n")));
    }

    /// <summary>Does something long, with a bar where somebody looks on.</summary>
    /// <param name="title">What it is.</param>
    /// <param name="work">Does it, and reports how much of 1 is done.</param>
    public async Task<T> WithProgressAsync<T>(string title, Func<IProgress<double>, Task<T>> work)
    {
        if (Console.IsErrorRedirected) return await work(new Bar(null));
        return await _errors.Progress().AutoClear(true).StartAsync(context => work(new Bar(context.AddTask(Markup.Escape(title), maxValue: 1))));
    }

    private sealed class Bar(ProgressTask? task) : IProgress<double>
    {
        public void Report(double value)
        {
            if (task is not null) task.Value = value;
        }
    }
}
