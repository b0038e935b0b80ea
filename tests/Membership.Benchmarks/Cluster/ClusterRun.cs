using Membership.Benchmarks.Load;
using Membership.Benchmarks.Running;

namespace Membership.Benchmarks.Cluster;

/// <summary>One run of a load against a cluster, and what the processes used for it.</summary>
internal sealed record ClusterRun(LoadResult Load, ProcessUsage Leader, ProcessUsage Followers, ProcessUsage Clients)
{
    /// <summary>CPU seconds of the leader per 1 000 operations.</summary>
    public double CpuOfLeader => Per1000(Leader.CpuSeconds);

    /// <summary>CPU seconds of one follower per 1 000 operations.</summary>
    public double CpuOfFollower => Per1000(Followers.CpuSeconds / 2);

    /// <summary>CPU seconds of the clients' process per 1 000 operations; next to nothing when they are in the leader's.</summary>
    public double CpuOfClients => Per1000(Clients.CpuSeconds);

    /// <summary>Bytes that one replica sent to storage for an operation: the leader's.</summary>
    public double DiskBytesPerOperation => (double)Leader.BytesToDisk / Math.Max(1, Load.Done);

    private double Per1000(double seconds) => 1000 * seconds / Math.Max(1, Load.Done);
}
