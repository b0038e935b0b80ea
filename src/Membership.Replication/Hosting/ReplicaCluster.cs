using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using DotNext.Net.Cluster;
using DotNext.Net.Cluster.Consensus.Raft;

namespace Membership.Replication.Hosting;

/// <summary>The package's cluster, less one trap and plus the two things that it keeps to itself.</summary>
internal sealed class ReplicaCluster : RaftCluster
{
    private const int FirstRoundsMax = 8;

    /// <summary>Takes no part yet.</summary>
    public ReplicaCluster(NodeConfiguration configuration)
        : base(configuration) => LeaderChanged += (cluster, leader) =>
    {
        if (leader is { IsRemote: false }) _ = HastenAsync();
    };

    /// <summary>Cancelled when this leadership ends; cancelled already while this replica does not lead.</summary>
    /// <remarks>The package's own property throws once the log has failed.</remarks>
    public CancellationToken Leadership
    {
        get
        {
            try
            {
                return LeadershipToken;
            }
            catch (UnreachableException)
            {
                return new CancellationToken(canceled: true);
            }
        }
    }

    /// <summary>Whether this replica leads, as far as it knows, and its first entry is committed.</summary>
    public bool IsLeading => !Leadership.IsCancellationRequested;

    /// <summary>Where the leader listens for Raft, as far as this replica knows.</summary>
    public EndPoint? LeaderEndPoint => Leader?.EndPoint;

    /// <summary>
    /// As <see cref="LeaderEndPoint"/>, but nobody when that is this replica and it leads no more: the package says so only when it stands for
    /// election.
    /// </summary>
    public EndPoint? PresentLeader => Leader is { } leader && (leader.IsRemote || IsLeading) ? leader.EndPoint : null;

    /// <summary>Whether this replica is among the voters.</summary>
    public bool IsVoter => Members.Any(member => !member.IsRemote);

    /// <summary>Whether the last request to a member failed, and nothing was heard of it since.</summary>
    public bool IsGone(EndPoint member) =>
        Members.Any(other => other.IsRemote && other.Status == ClusterMemberStatus.Unavailable && other.EndPoint.Equals(member));

    /// <summary>Gives up leadership. False when this replica does not lead; another one's leadership is not touched.</summary>
    public async Task<bool> StepDownAsync(CancellationToken token) => await ResignAsync(token);

    /// <summary>
    /// How long after the last word of a leader this replica grants nobody its vote, in ms; also what its own timer begins with. The package
    /// draws it from the options and lets nobody change it: hence by its field, in the one version that is referenced. A canary watches over it.
    /// </summary>
    public ref int ElectionTimeoutMs => ref ElectionTimeoutOf(this);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "electionTimeout")]
    private static extern ref int ElectionTimeoutOf(RaftCluster<RaftClusterMember> cluster);

    // The first rounds of a leadership find out what each follower has, and the next one would wait for a heartbeat. It may wait for one beside a
    // read, and so never gives up: that would let the read pass, confirmed by nobody.
    private async Task HastenAsync()
    {
        try
        {
            for (var round = 0; round < FirstRoundsMax && !IsLeading; round++) await ForceReplicationAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is NotLeaderException or OperationCanceledException or ObjectDisposedException)
        {
            // It was over before it began.
        }
    }
}
