namespace Membership.Replication.Offline;

/// <summary>How far a log reaches.</summary>
/// <param name="FirstIndex">The first entry that is kept: the one after the published snapshot.</param>
/// <param name="LastIndex">The last entry that is on the disk whole; below <paramref name="FirstIndex"/> when there is none.</param>
/// <param name="CommitIndex">
/// The last entry that was known to be committed when the log was last written. Entries behind it may be: the replica heard of it, or not, from a
/// leader or from the followers.
/// </param>
/// <param name="IsTorn">Whether a last write behind <paramref name="LastIndex"/> was cut short. It was not acknowledged, and is left out.</param>
/// <param name="Term">The term in which the replica last voted.</param>
public sealed record LogSummary(long FirstIndex, long LastIndex, long CommitIndex, bool IsTorn, long Term);
