using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Hosting;
using Membership.Replication.Log;

namespace Membership.Replication.Leadership;

/// <summary>
/// One leadership of this replica: its term, and a token that is cancelled before any other leader's entry gets into the log. Every append
/// carries both.
/// </summary>
/// <remarks>
/// The package's present term will not do: for a moment it is the next leader's, while this replica still accepts entries, and an entry
/// with that term may be kept here and replaced elsewhere, silently.
/// </remarks>
internal sealed record LeadershipEpoch(long Term, CancellationToken Token)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until this replica leads and its first entry is committed.</summary>
    public static async Task<LeadershipEpoch> EnterAsync(ReplicaCluster cluster, DurableLog log, CancellationToken token)
    {
        while (true)
        {
            await cluster.WaitForLeadershipAsync(token);
            var leadership = cluster.Leadership;
            if (leadership.IsCancellationRequested)
            {
                await Task.Delay(Pause, token);
                continue;
            }

            // The token first, then the term, then the token again: it still stands, so the last entry is this leadership's.
            var term = ReadTerm(cluster, log);
            if (!leadership.IsCancellationRequested) return new(term, leadership);
        }
    }

    // A sole voter leads without an election and without a first entry; nobody else can raise the term then.
    private static long ReadTerm(ReplicaCluster cluster, DurableLog log) =>
        cluster.Members.Count == 1 ? ((IPersistentState)log).Term : log.ReadLastEntry().Term;
}
