using Membership.Replication.Disk;

namespace Membership.Cluster.Tests.Replicas;

/// <summary>A disk that does not answer, and one that is full.</summary>
internal sealed class BadDisk : IDisposable
{
    private readonly DiskFaults _faults;

    private BadDisk(DiskFaults faults) => _faults = faults;

    /// <summary>No write to the log ends until this is disposed.</summary>
    public static BadDisk Hang(DiskFaults faults)
    {
        faults.Hang();
        return new(faults);
    }

    /// <summary>The device that is always full takes the place of each snapshot to come, as far as this index.</summary>
    public static void Fill(string dataFolder, long toIndex)
    {
        for (var index = 1L; index <= toIndex; index++) File.CreateSymbolicLink(Path.Combine(dataFolder, "snapshots", $"{index}.tmp"), "/dev/full");
    }

    /// <summary>Writes end again.</summary>
    public void Dispose() => _faults.Release();
}
