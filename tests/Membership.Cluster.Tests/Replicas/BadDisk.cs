using System.Globalization;
using System.Runtime.InteropServices;

namespace Membership.Cluster.Tests.Replicas;

/// <summary>Puts something else in the place of files that a replica writes. The log opens the one with its entries for every flush.</summary>
internal sealed class BadDisk : IDisposable
{
    private const uint OwnerMayReadAndWrite = 0x180;
    private const int NonBlockingRead = 0x800;
    private readonly string _file;

    private BadDisk(string file) => _file = file;

    /// <summary>A pipe that nobody reads: opening it to write takes until it is released, as a write to a disk that does not answer does.</summary>
    public static BadDisk Hang(string dataFolder)
    {
        var file = TakeAway(dataFolder);
        if (MakePipe(file, OwnerMayReadAndWrite) != 0) throw new IOException($"No pipe at '{file}': errno {Marshal.GetLastPInvokeError()}.");
        return new(file);
    }

    /// <summary>The device that is always full takes the place of each snapshot to come, as far as this index.</summary>
    public static void Fill(string dataFolder, long toIndex)
    {
        for (var index = 1L; index <= toIndex; index++) File.CreateSymbolicLink(Path.Combine(dataFolder, "snapshots", $"{index}.tmp"), "/dev/full");
    }

    /// <summary>Somebody reads: whoever waits to open the pipe goes on, and finds that it is no file.</summary>
    public void Dispose()
    {
        var reader = Open(_file, NonBlockingRead);
        File.Delete(_file);
        if (reader >= 0) _ = Close(reader);
    }

    // The last one is written to.
    private static string TakeAway(string dataFolder)
    {
        var file = Directory.GetFiles(Path.Combine(dataFolder, "log", "data"))
            .MaxBy(path => long.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))!;
        File.Move(file, Path.Combine(dataFolder, "taken-away"));
        return file;
    }

    [DllImport("libc", EntryPoint = "mkfifo", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int MakePipe([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Close(int descriptor);
}
