using Membership.Replication.Peers;

namespace Membership.Replication.Snapshots;

/// <summary>Since when each follower's commit index has not moved, though it is behind the leader's. Not thread-safe.</summary>
internal sealed class Standstill(TimeProvider time)
{
    /// <summary>How long one that is well may stand still: many heartbeats, and a disk that is slow for once.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (long CommitIndex, long Since)> _seen = [];

    /// <summary>Whether a follower has stood still for too long, as of this status of it and the leader's commit index.</summary>
    public bool Shows(PeerStatus status, long commitIndex)
    {
        if (!IsHeldBack(status, commitIndex) || !_seen.TryGetValue(status.ReplicaId, out var seen) || seen.CommitIndex != status.CommitIndex)
        {
            _seen[status.ReplicaId] = (status.CommitIndex, time.GetTimestamp());
            return false;
        }

        return time.GetElapsedTime(seen.Since) >= Max;
    }

    /// <summary>Begins anew.</summary>
    public void Forget() => _seen.Clear();

    // One that opens its folder, fetches a snapshot or has stopped for good stands still for a reason that no leader removes.
    private static bool IsHeldBack(PeerStatus status, long commitIndex) =>
        status.CommitIndex < commitIndex && !status.IsFetchingSnapshot && status is { Fault: null, Digest.Length: > 0 };
}
