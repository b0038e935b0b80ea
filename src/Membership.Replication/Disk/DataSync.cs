using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Membership.Replication.Disk;

/// <summary>
/// The flush of a file whose size does not change. The framework's own flush writes the times of the file along, for which a journalling file
/// system has to commit its journal: that takes as long again as the data.
/// </summary>
internal static class DataSync
{
    private const int Interrupted = 4;

    /// <summary>Returns when what was written to the file is on the disk.</summary>
    /// <exception cref="IOException">It is not, and whether it ever will be is not known: what was written before must not be trusted.</exception>
    public static void Flush(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        while (FlushData(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted) throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} (errno {error})", error);
        }
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int FlushData(SafeFileHandle file);
}
