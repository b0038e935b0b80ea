using System.Collections.Immutable;
using System.Net;
using Membership.Replication.Configuration;
using Membership.Replication.Peers;
using Membership.State;

namespace Membership.Replication.Hosting;

/// <summary>Asks every replica that is known how it is.</summary>
internal sealed class ClusterReport(ConfigurationStorage configuration, ReplicaDirectory directory, PeerSet peers, Func<CancellationToken, ValueTask<PeerStatus>> self)
{
    /// <summary>All voters and whoever else is known, by id. Takes a second at most.</summary>
    public async Task<ImmutableArray<ReplicaReport>> AskAsync(CancellationToken token)
    {
        var voters = await configuration.ReadVotersAsync(token);
        var statuses = (await peers.AskAllAsync((peer, t) => peer.GetStatusAsync(t), token)).Append(await self(token)).ToDictionary(status => status.ReplicaId);
        var committed = statuses.Values.Max(status => status.CommitIndex);
        return
        [
            .. directory.All.OrderBy(known => known.Address.Id, StringComparer.Ordinal)
                .Select(known => ReportOf(known.Address, statuses.GetValueOrDefault(known.Address.Id), HasVote(known.Address, voters), committed)),
        ];
    }

    // Another replica may have its Raft address by now.
    private bool HasVote(ReplicaAddress address, IReadOnlySet<EndPoint> voters) =>
        voters.Contains(address.RaftEndPoint) && directory.ReplicaAt(address.RaftEndPoint) == address.Id;

    private static ReplicaReport ReportOf(ReplicaAddress address, PeerStatus? status, bool hasVote, long committed)
    {
        var role = RoleOf(status, hasVote);
        var report = new ReplicaReport { Address = address, Role = role, Health = [.. HealthOf(status, role)] };
        return status is not { Digest.Length: > 0 } answered ? report : report with
        {
            Term = answered.Term,
            CommitIndex = answered.CommitIndex,
            AppliedIndex = answered.AppliedIndex,
            Lag = Math.Max(0, committed - answered.AppliedIndex),
            Revision = answered.Revision,
            Digest = StateDigest.Read(answered.Digest),
            SnapshotIndex = answered.SnapshotIndex,
            SnapshotTime = answered.SnapshotTime,
            StateVersion = answered.StateVersion,
        };
    }

    private static ReplicaRole RoleOf(PeerStatus? status, bool hasVote) => status switch
    {
        { Fault: RemovedCode } => ReplicaRole.Removed,
        { Fault: not null } => ReplicaRole.Stopped,
        not { Digest.Length: > 0 } => hasVote ? ReplicaRole.Unreachable : ReplicaRole.Removed,
        _ when !hasVote => ReplicaRole.Standby,
        { IsLeader: true } => ReplicaRole.Leader,
        _ => ReplicaRole.Follower,
    };

    private static IEnumerable<string> HealthOf(PeerStatus? status, ReplicaRole role)
    {
        if (role == ReplicaRole.Unreachable) yield return "unreachable";
        if (role is ReplicaRole.Standby or ReplicaRole.Removed) yield return "no_vote";
        if (status is not { Digest.Length: > 0 }) yield break;
        if (status.Fault is not null and not RemovedCode) yield return status.Fault;
        if (status is { Leader: null, Fault: null }) yield return "no_leader";
        if (status.HasDiverged) yield return "diverged";
        if (status.HasClockSkew) yield return "clock_skew";
        if (status.IsFetchingSnapshot) yield return "fetching_snapshot";
    }

    private const string RemovedCode = "removed";
}
