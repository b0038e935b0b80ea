using System.Diagnostics;

namespace Membership.Cluster.Tests.Replicas;

/// <summary>Repeats what is refused for the moment, with a limit.</summary>
internal static class Retry
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Returns when the action succeeds; what it throws otherwise passes, and so does the last refusal when the time is over.</summary>
    public static async Task UntilAsync(Func<Task> action, Func<Exception, bool> isRefusal, string what)
    {
        var since = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                await action();
                return;
            }
            catch (Exception e) when (isRefusal(e) && Stopwatch.GetElapsedTime(since) < Limit)
            {
                await timer.WaitForNextTickAsync();
            }
            catch (Exception e) when (isRefusal(e))
            {
                throw new TimeoutException($"Waited in vain for {what}.", e);
            }
        }
    }
}
