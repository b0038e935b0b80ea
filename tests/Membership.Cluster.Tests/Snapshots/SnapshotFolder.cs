using System.Globalization;
using Membership.Replication.Snapshots;

namespace Membership.Cluster.Tests.Snapshots;

/// <summary>Looks at a folder of snapshots from outside.</summary>
internal static class SnapshotFolder
{
    /// <summary>The snapshot files, by index.</summary>
    public static SnapshotFile[] Files(string folder) =>
        [.. new DirectoryInfo(folder).GetFiles().Select(SnapshotFile.TryOpen).OfType<SnapshotFile>().OrderBy(f => f.Index)];

    public static long[] Indexes(string folder) => [.. Files(folder).Select(f => f.Index)];

    /// <summary>Up to which index the log may have been cut.</summary>
    public static long MarkedIndex(string folder) => Directory.GetFiles(folder, "published-*")
        .Select(f => long.Parse(Path.GetFileName(f)["published-".Length..], CultureInfo.InvariantCulture))
        .DefaultIfEmpty()
        .Max();

    /// <summary>Copies all files into a new folder.</summary>
    public static string Copy(string folder, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.GetFiles(folder)) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        return target;
    }
}
