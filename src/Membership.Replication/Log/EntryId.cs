namespace Membership.Replication.Log;

/// <summary>Names one entry for good: no two entries of a cluster share both. (0, 0) stands before the first.</summary>
/// <param name="Index">The entry's place in the log, from 1.</param>
/// <param name="Term">The term of the leader that made it.</param>
internal readonly record struct EntryId(long Index, long Term);
