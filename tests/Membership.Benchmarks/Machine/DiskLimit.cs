using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Membership.Benchmarks.Machine;

/// <summary>How often one file can be appended to and made durable in a second.</summary>
internal static class DiskLimit
{
    private const int BytesEach = 4096;

    /// <summary>Appends 4 KiB and calls fdatasync, again and again.</summary>
    /// <returns>Times a second.</returns>
    public static double Run(DirectoryInfo folder, TimeSpan length)
    {
        var path = Path.Combine(folder.FullName, "appended");
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        var page = new byte[BytesEach];
        Random.Shared.NextBytes(page);
        var count = 0L;
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed < length; count++)
        {
            RandomAccess.Write(file, page, count * BytesEach);
            if (SyncData(file) != 0) throw new IOException($"fdatasync failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        return count / clock.Elapsed.TotalSeconds;
    }

    // .NET offers fsync alone, which also writes the file's times.
    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SyncData(SafeFileHandle file);
}
