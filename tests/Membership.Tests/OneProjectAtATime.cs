using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Membership.Tests;

/// <summary>
/// The test command runs all test projects at once, and some of them have real timeouts. A file lock lets one project run at a time;
/// each project compiles this file.
/// </summary>
internal static class OneProjectAtATime
{
    private const string HeldVariable = "MEMBERSHIP_TESTS_HAVE_THE_TURN";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Held until the process ends.
    private static FileStream? s_turn;

#pragma warning disable CA2255 // The test host offers no hook that runs once before the tests of an assembly.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void TakeTurn()
    {
        // Processes that tests start have the turn of the one that started them.
        if (Environment.GetEnvironmentVariable(HeldVariable) is not null) return;
        var file = Path.Combine(Path.GetTempPath(), $"membership-tests-{Environment.UserName}.lock");
        for (var clock = Stopwatch.StartNew(); s_turn is null; Thread.Sleep(Pause))
        {
            try
            {
                s_turn = new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (clock.Elapsed < Limit)
            {
            }
        }

        Environment.SetEnvironmentVariable(HeldVariable, "1");
    }
}
