using DotNext.Net.Cluster.Consensus.Raft;
using Membership.Replication.Peers;

namespace Membership.Replication.Hosting;

internal sealed partial class ReplicaEngine
{
    /// <summary>What it says of itself to its users.</summary>
    public ReplicaStatus Status
    {
        get
        {
            var state = Store.Summary;
            return new()
            {
                ClusterId = _options.ClusterId,
                ReplicaId = _options.ReplicaId,
                Role = Role,
                Leader = LeaderId,
                Term = ((IPersistentState)_log).Term,
                LastIndex = _log.LastEntryIndex,
                CommitIndex = _log.LastCommittedEntryIndex,
                AppliedIndex = _log.LastAppliedIndex,
                Revision = state.Revision,
                Digest = state.Digest,
                StateVersion = state.Version,
                NewestStateVersion = _options.Limits.NewestStateVersion,
                ClusterTime = state.ClusterTime,
                SnapshotIndex = Snapshots.Newest?.Index ?? 0,
                LastFlush = _log.LastFlush,
                HasClockSkew = _clock.HasSkew,
                Divergence = Fence.Current,
                Fault = Fault.Current,
            };
        }
    }

    /// <summary>The last index that was known to be committed when the log was opened: up to it nothing is news.</summary>
    public long CommitIndexAtStart { get; private set; }

    /// <summary>How far it is, for gauges and health checks: cheaper than <see cref="Status"/>.</summary>
    public ReplicaProgress Progress => new(
        ((IPersistentState)_log).Term, _cluster.IsLeading, _log.LastEntryIndex, _log.LastCommittedEntryIndex, _log.LastAppliedIndex, _clock.HasSkew);

    private ReplicaRole Role => this switch
    {
        _ when Fault.Current is not null => ReplicaRole.Stopped,
        _ when _cluster.IsLeading => ReplicaRole.Leader,
        _ when _cluster.IsVoter => ReplicaRole.Follower,
        _ => ReplicaRole.Standby,
    };

    /// <summary>What it says of itself to its peers.</summary>
    public async ValueTask<PeerStatus> GetPeerStatusAsync(CancellationToken token)
    {
        var state = Store.Summary;
        return new()
        {
            ReplicaId = _options.ReplicaId,
            Incarnation = _self.Incarnation,
            IsLeader = _cluster.IsLeading,
            Leader = LeaderId,
            Term = ((IPersistentState)_log).Term,
            LastIndex = _log.LastEntryIndex,
            CommitIndex = _log.LastCommittedEntryIndex,
            AppliedIndex = _log.LastAppliedIndex,
            ConfigurationIndex = await _configuration.ReadVersionAsync(token),
            IsFetchingSnapshot = _installer.IsFetching,
            InstalledSnapshotIndex = _installer.TakenIndex,
            Revision = state.Revision,
            Digest = state.Digest.ToArray(),
            IsVoter = _cluster.IsVoter,
            HasClockSkew = _clock.HasSkew,
            HasDiverged = Fence.IsUp,
            SnapshotIndex = Snapshots.Newest?.Index ?? 0,
            SnapshotTime = Snapshots.Newest?.ReadTime() ?? 0,
            StateVersion = state.Version,
            NewestStateVersion = _options.Limits.NewestStateVersion,
            Fault = Fault.Current?.Code,
        };
    }
}
