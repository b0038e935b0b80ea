using System.Runtime.InteropServices;

namespace Membership.Benchmarks.Core;

/// <summary>The processor time of the calling thread: what else runs on the machine takes none of it.</summary>
internal static partial class ThreadTime
{
    private const int ClockThreadCpuTimeId = 3;

    public static TimeSpan Now
    {
        get
        {
            GetTime(ClockThreadCpuTimeId, out var time);
            return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Timespec time);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
