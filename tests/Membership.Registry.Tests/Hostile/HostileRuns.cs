using System.Globalization;

namespace Membership.Registry.Tests.Hostile;

/// <summary>How long and from which seed hostile tests run: from the environment, so that a night's run is a longer one of the same.</summary>
internal static class HostileRuns
{
    public static int Seed { get; } = FromEnvironment("MEMBERSHIP_SEED", Environment.TickCount & int.MaxValue);

    public static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
