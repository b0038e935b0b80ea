namespace Membership.Replication.Hosting;

/// <summary>How far a replica is. The figures are read one after another.</summary>
internal readonly record struct ReplicaProgress(
    long Term, bool IsLeading, long LastIndex, long CommitIndex, long AppliedIndex, bool HasClockSkew)
{
    /// <summary>Entries known to be committed and not applied here.</summary>
    public long Lag => Math.Max(0, CommitIndex - AppliedIndex);
}
