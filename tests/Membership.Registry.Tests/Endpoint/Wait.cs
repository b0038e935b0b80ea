using System.Diagnostics;

namespace Membership.Registry.Tests.Endpoint;

internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns when the condition holds; fails with its name when it does not in time (15 s by default).</summary>
    public static async Task UntilAsync(Func<bool> condition, string what, TimeSpan? limit = null)
    {
        var since = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Step);
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(since) > (limit ?? Limit)) throw new TimeoutException($"Waited in vain for {what}.");
            await timer.WaitForNextTickAsync();
        }
    }
}
