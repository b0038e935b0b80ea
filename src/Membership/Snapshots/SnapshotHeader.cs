using Membership.State;

namespace Membership.Snapshots;

/// <summary>What a snapshot says about itself before its records.</summary>
/// <param name="ClusterId">The cluster whose state it is.</param>
/// <param name="StateVersion">The state version in force.</param>
/// <param name="Index">The last applied log index within.</param>
/// <param name="Term">The term of that entry.</param>
/// <param name="Revision">The revision given out last.</param>
/// <param name="ClusterTime">Cluster time, Unix ms.</param>
/// <param name="RecordCount">How many records follow.</param>
/// <param name="Digest">The digest of the state.</param>
public sealed record SnapshotHeader(
    string ClusterId, uint StateVersion, long Index, long Term, ulong Revision, long ClusterTime, long RecordCount, StateDigest Digest);
