namespace Membership.State;

/// <summary>What is known of a state without looking into its records.</summary>
/// <param name="AppliedIndex">Index of the last applied log entry; 0 before the first.</param>
/// <param name="AppliedTerm">Term of the last applied log entry.</param>
/// <param name="Revision">The revision given out last.</param>
/// <param name="ClusterTime">Cluster time, Unix ms.</param>
/// <param name="Version">The state version in force.</param>
/// <param name="Digest">The digest of every record and counter.</param>
public readonly record struct StateSummary(
    long AppliedIndex, long AppliedTerm, ulong Revision, long ClusterTime, uint Version, StateDigest Digest)
{
    internal static StateSummary Of(MembershipState state) =>
        new(state.AppliedIndex, state.AppliedTerm, state.Revision, state.ClusterTime, state.Version, state.Digest);
}
