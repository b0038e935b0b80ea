namespace Membership.Replication.Log;

/// <summary>How far a log on the disk reaches.</summary>
/// <param name="CommitIndex">The last index that was known to be committed when the log was last written; the truth may be further on.</param>
/// <param name="LastIndex">The last entry that is on the disk whole.</param>
/// <param name="Replaced">Entries behind it that were being replaced by another leader's when the replica stopped: neither set counts.</param>
/// <param name="Term">The term of the vote.</param>
internal readonly record struct LogExtent(long CommitIndex, long LastIndex, long Replaced, long Term);
