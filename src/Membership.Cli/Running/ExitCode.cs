namespace Membership.Cli.Running;

/// <summary>How a run ended, for scripts: never renumbered. What each means: <see cref="ExitCodes"/>.</summary>
internal enum ExitCode
{
    Ok = 0,
    Refused = 1,
    WrongArgument = 2,
    Unavailable = 3,
    OutcomeUnknown = 4,
    Corrupt = 5,
    Unhealthy = 6,
    FileFailed = 7,
    NotConfirmed = 8,

    // EX_SOFTWARE of sysexits.h, and 128 + SIGINT.
    Internal = 70,
    Interrupted = 130,
}
