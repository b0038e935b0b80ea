using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Membership.Cli.Output;

namespace Membership.Cli.Running;

/// <summary>A run of the tool: parses, lets the verb do it, and turns every end into an exit code and at most one line of error.</summary>
internal static class CommandLine
{
    /// <summary>Runs it.</summary>
    public static async Task<ExitCode> RunAsync(string[] arguments)
    {
        var terminal = new Terminal();
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        var root = CommandTree.Build(CommandTree.FindVerbs(), (verb, parsed, _) => RunAsync(verb, new(parsed, terminal, stop.Token)));
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
            return Fail(terminal, ToolException.WrongArgument($"{FirstErrorOf(parsed)}, see '{PathOf(parsed)} --help'"));
        return (ExitCode)await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, CancellationToken.None);
    }

    private static async Task<int> RunAsync(Verb verb, Call call)
    {
        try
        {
            await verb.RunAsync(call);
            return (int)ExitCode.Ok;
        }
        catch (Exception e)
        {
            return (int)Fail(call.Terminal, ToEnd(e, call.Cancel));
        }
    }

    private static ToolException ToEnd(Exception e, CancellationToken stop) => e switch
    {
        ToolException known => known,
        OperationCanceledException when stop.IsCancellationRequested =>
            new(ExitCode.Interrupted, "interrupted", "stopped by a signal, look whether what was under way has happened"),
        InvalidDataException => ToolException.Corrupt($"{e.Message.TrimEnd('.')}, try another replica or another copy"),
        UnsupportedFormatException => ToolException.Corrupt($"{e.Message.TrimEnd('.')}, take a newer version of this tool"),
        IOException or UnauthorizedAccessException => ToolException.FileFailed($"{e.Message.TrimEnd('.')}, see that the path is right and the disk has room"),
        _ => new(ExitCode.Internal, "internal", $"{e.GetType().Name}: {e.Message}, please report it"),
    };

    private static ExitCode Fail(Terminal terminal, ToolException end)
    {
        terminal.WriteError($"error: {end.Code}: {end.Message}");
        return end.ExitCode;
    }

    // A command that is none is told as one that is missing.
    private static string FirstErrorOf(ParseResult parsed) => parsed.UnmatchedTokens is [var word, ..] && parsed.CommandResult.Command.Subcommands.Count > 0
        ? $"'{word}' is no command"
        : parsed.Errors[0].Message.TrimEnd('.');

    private static string PathOf(ParseResult parsed)
    {
        var words = new Stack<string>();
        for (var command = parsed.CommandResult; command.Parent is System.CommandLine.Parsing.CommandResult parent; command = parent)
            words.Push(command.Command.Name);
        return string.Join(' ', words.Prepend("membership"));
    }
}
