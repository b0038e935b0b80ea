namespace Membership.Cli.Running;

/// <summary>Ends the run with one line: <c>error: CODE: what, what to do</c>.</summary>
/// <param name="exitCode">How the run ends.</param>
/// <param name="code">The registry's code, or the tool's own word.</param>
/// <param name="what">What happened, and after a comma what to do.</param>
internal sealed class ToolException(ExitCode exitCode, string code, string what) : Exception(what)
{
    public ExitCode ExitCode => exitCode;

    public string Code => code;

    /// <summary>Nothing was sent: an argument is at fault.</summary>
    public static ToolException WrongArgument(string what) => new(ExitCode.WrongArgument, "wrong_argument", what);

    /// <summary>A file or an answer is not what it should be.</summary>
    public static ToolException Corrupt(string what) => new(ExitCode.Corrupt, "corrupt", what);

    /// <summary>A local file could not be read or written.</summary>
    public static ToolException FileFailed(string what) => new(ExitCode.FileFailed, "file_failed", what);
}
