namespace Membership.Replication.Hosting;

/// <summary>What health checks look at, one thing a method: what is wrong with it, and what an operator should do.</summary>
internal static class ReplicaAnswers
{
    public static HealthAnswer NotStopped(ReplicaFault? fault) => new("not_stopped", fault is null ? null : $"{fault.Code}: {fault.Message} {RemedyFor(fault.Kind)}");

    public static HealthAnswer NotFenced(ReplicaDivergence? divergence) => new("not_fenced", divergence is null
        ? null
        : $"{divergence.Message} It mends itself from a peer where a majority agrees; send clients to another replica, and keep the data folder.");

    public static HealthAnswer HasVote(ReplicaStatus status) => new("has_vote", status.Role == ReplicaRole.Standby
        ? "The replica has no vote: remove its former self if there is one, then add it to the cluster."
        : null, IsServed: true);

    public static HealthAnswer HasLeader(ReplicaStatus status) => new("has_leader", status.Leader is null
        ? "No leader is known: wait for an election; if it lasts, see that a majority of the replicas runs and that they reach one another."
        : null);

    public static HealthAnswer ClockAgrees(ReplicaStatus status) => new("clock_agrees", status.HasClockSkew
        ? "The clock is too far from those of a majority: set it by NTP."
        : null, IsServed: true);

    public static HealthAnswer CaughtUp(ReplicaStatus status, long commitIndexAtStart) => new("caught_up", status.AppliedIndex < commitIndexAtStart
        ? $"It has applied index {status.AppliedIndex} of {commitIndexAtStart} that it knew at its start: wait."
        : null);

    public static HealthAnswer Lag(long lag, int lagMax) => new("lag", lag > lagMax
        ? $"{lag} committed entries are not applied here, more than {lagMax}: wait; if it grows, the machine is too slow for the load."
        : null);

    public static HealthAnswer DiskWritable(string? problem) => new("disk_writable", problem is null
        ? null
        : $"{problem} Make room, or see to the disk and the folder's permissions.");

    private static string RemedyFor(ReplicaFaultKind kind) => kind switch
    {
        ReplicaFaultKind.UnsupportedFormat => "Start it with the newer version of the library.",
        ReplicaFaultKind.DiskFull => "Make room, then start it again.",
        ReplicaFaultKind.LogFailed or ReplicaFaultKind.DiskSlow or ReplicaFaultKind.SnapshotFailed => "See to the disk, then start it again.",
        ReplicaFaultKind.Removed => "Empty its data folder before it is added anew, or leave it off.",
        _ => "Keep the data folder, report it, and start it again.",
    };
}
