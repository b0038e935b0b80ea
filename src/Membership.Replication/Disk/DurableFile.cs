using System.Runtime.InteropServices;

namespace Membership.Replication.Disk;

/// <summary>Small files that are either the old or the new content, whatever moment the machine stops at.</summary>
internal static class DurableFile
{
    /// <summary>Replaces the file: a temporary one, fsync, rename, fsync of the folder.</summary>
    public static void Replace(string file, ReadOnlySpan<byte> content)
    {
        var temporary = file + ".tmp";
        using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            RandomAccess.Write(handle, content, 0);
            RandomAccess.FlushToDisk(handle);
        }

        Rename(temporary, file);
    }

    /// <summary>Returns when what anybody wrote to a file is on the disk.</summary>
    public static void Flush(string file)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Renames a file whose content is on the disk already, and returns when the new name is, too.</summary>
    public static void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>Gives a file a second name, in another folder perhaps: cheap where the platform has links. Does nothing when there is one.</summary>
    public static void Link(string from, string to)
    {
        if (File.Exists(to)) return;
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) File.Copy(from, to);
        else if (LinkFile(from, to) != 0) throw new IOException($"'{from}' cannot be linked to '{to}' (errno {Marshal.GetLastPInvokeError()}).");
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>Returns when the names within a folder are on the disk. Where the platform has no such call, it has no such need.</summary>
    public static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) return;
        var descriptor = Open(folder, 0);
        if (descriptor < 0) throw new IOException($"'{folder}' cannot be opened to be flushed (errno {Marshal.GetLastPInvokeError()}).");
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.FlushToDisk(handle);
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int LinkFile([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
