namespace Membership.Replication.Faults;

/// <summary>Tells a full disk from other failures of a file.</summary>
internal static class DiskFull
{
    // Raw error numbers, which .NET keeps as the low half of the result: ENOSPC, EFBIG and EDQUOT of Linux; of macOS; of Windows.
    private static readonly int[] Numbers =
        OperatingSystem.IsWindows() ? [39, 112, 1295] : OperatingSystem.IsMacOS() ? [27, 28, 69] : [27, 28, 122];

    /// <summary><see cref="ReplicaFaultKind.DiskFull"/> where an exception says so, else the other kind.</summary>
    public static ReplicaFaultKind KindOf(Exception exception, ReplicaFaultKind otherwise)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is IOException && Numbers.Contains(cause.HResult & 0xffff)) return ReplicaFaultKind.DiskFull;
        }

        return otherwise;
    }
}
