namespace Membership.Cli.Running;

/// <summary>The exit codes in words: the same table in the help, in the READMEs and in no other place.</summary>
internal static class ExitCodes
{
    /// <summary>By number.</summary>
    public static IReadOnlyList<(ExitCode Code, string Meaning)> All { get; } =
    [
        (ExitCode.Ok, "done"),
        (ExitCode.Refused, "the registry refused; the error line begins with its code; nothing happened"),
        (ExitCode.WrongArgument, "an argument is wrong or missing; nothing was sent"),
        (ExitCode.Unavailable, "no replica served in time: unreachable, without a leader, or overloaded; nothing happened, try again"),
        (ExitCode.OutcomeUnknown, "it was sent and nobody said what became of it; the error line says how to find out"),
        (ExitCode.Corrupt, "a file or an answer is not what its checksums or its format say"),
        (ExitCode.Unhealthy, "`health` found something wrong"),
        (ExitCode.FileFailed, "a local file or folder could not be read, written or used so"),
        (ExitCode.NotConfirmed, "it destroys something and was not confirmed: answer yes, or give --yes"),
        (ExitCode.Internal, "a fault of this tool"),
        (ExitCode.Interrupted, "ended by Ctrl-C; what was under way may have happened"),
    ];
}
