namespace Membership.Replication;

/// <summary>Why a replica stopped for good: it takes no more part and answers nothing. The process should end, with exit code 75.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Message">A sentence for the operator.</param>
/// <param name="Exception">What was thrown, if something was.</param>
public sealed record ReplicaFault(ReplicaFaultKind Kind, string Message, Exception? Exception = null)
{
    /// <summary>The stable name of the kind, such as <c>disk_slow</c>.</summary>
    public string Code => Kind switch
    {
        ReplicaFaultKind.UnsupportedFormat => "unsupported_format",
        ReplicaFaultKind.LogFailed => "log_failed",
        ReplicaFaultKind.DiskSlow => "disk_slow",
        ReplicaFaultKind.DiskFull => "disk_full",
        ReplicaFaultKind.SnapshotFailed => "snapshot_failed",
        ReplicaFaultKind.ApplyFailed => "apply_failed",
        ReplicaFaultKind.Removed => "removed",
        _ => "internal_error",
    };
}
