using System.Diagnostics;

namespace Membership.EndToEnd.Running;

/// <summary>Waits for what others do, with a limit.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Looks again and again, until what is seen is as it should be.</summary>
    public static async Task<T> ForAsync<T>(Func<Task<T>> look, Func<T, bool> isRight, string what)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            var seen = await look();
            if (isRight(seen)) return seen;
            if (clock.Elapsed > Limit) throw new TimeoutException($"Waited in vain for {what}; the last was {seen}.");
        }
    }
}
