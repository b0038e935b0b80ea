namespace Membership.Replication.Log;

/// <summary>How far a log on the disk reaches.</summary>
/// <param name="CommitIndex">The last index that was known to be committed when the log was last written; the truth may be further on.</param>
/// <param name="LastIndex">The last entry that is on the disk whole.</param>
/// <param name="IsTorn">Whether a last write was cut short behind it: it was not acknowledged.</param>
/// <param name="Term">The term of the vote.</param>
internal readonly record struct LogExtent(long CommitIndex, long LastIndex, bool IsTorn, long Term);
