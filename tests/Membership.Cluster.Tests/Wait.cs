using System.Diagnostics;

namespace Membership.Cluster.Tests;

/// <summary>Waits for conditions, with a limit.</summary>
internal static class Wait
{
    private static readonly TimeSpan step = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns when the condition holds; fails with its name when it does not within the limit (15 s by default).</summary>
    public static async Task UntilAsync(Func<bool> condition, string what, TimeSpan? limit = null)
    {
        var since = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(step);
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(since) > (limit ?? TimeSpan.FromSeconds(15)))
                throw new TimeoutException($"Waited in vain for {what}.");
            await timer.WaitForNextTickAsync();
        }
    }
}
