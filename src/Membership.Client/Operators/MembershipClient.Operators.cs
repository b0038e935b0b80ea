using System.Collections.Immutable;
using Membership.Audit;
using Membership.Protocol.Answers;
using Membership.Queries;

namespace Membership.Client;

public sealed partial class MembershipClient
{
    // Longer than the two minutes in which a replica ends a change.
    private static readonly TimeSpan ClusterChangeLimit = TimeSpan.FromSeconds(150);

    /// <summary>Asks whichever replica serves for its status. For anybody.</summary>
    /// <remarks>A client that knows one replica alone asks that one.</remarks>
    public Task<ClientOutcome<StatusAnswer>> GetStatusAsync(CancellationToken cancel = default) =>
        AskAsync("status", _ => { }, options: null, ReadStatus, cancel);

    /// <summary>Lists the replicas, each as it is: those with a vote, those that wait for one, those that were removed. Admin only.</summary>
    /// <returns>Rejected: <c>admin_required</c>.</returns>
    public Task<ClientOutcome<ImmutableArray<ReplicaAnswer>>> GetClusterStatusAsync(CancellationToken cancel = default) =>
        AskAsync("cluster_status", _ => { }, options: null, a => a.List("replicas", ReadReplica), cancel);

    /// <summary>Gives a running replica a vote. Admin only.</summary>
    /// <param name="replica">The replica's id.</param>
    /// <param name="raftAddress">Where it listens for Raft, as <c>host:port</c>.</param>
    /// <param name="peerAddress">Where it listens for the peer channel, as <c>host:port</c>.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>
    /// The revision. Rejected: <c>admin_required</c>; with nothing changed <c>too_many_voters</c>, <c>replica_in_use</c>,
    /// <c>replica_not_ready</c>, <c>not_caught_up</c>, <c>change_in_progress</c>; <c>outcome_unknown</c> when it is still catching up and
    /// <c>unavailable</c>, also when the answer was lost: ask again, as what is done already is done.
    /// </returns>
    public Task<ClientOutcome<ulong>> AddReplicaAsync(
        string replica, string raftAddress, string peerAddress, CancellationToken cancel = default) => ChangeClusterAsync(
        "cluster_add", f => f.Write("replica", replica).Write("raft_address", raftAddress).Write("peer_address", peerAddress), cancel);

    /// <summary>Takes a replica out of the cluster. Admin only.</summary>
    /// <returns>
    /// The revision. Rejected: <c>admin_required</c>; with nothing changed <c>replica_not_found</c>, <c>last_voter</c>, <c>not_caught_up</c>,
    /// <c>change_in_progress</c>; <c>unavailable</c>, also when the answer was lost: ask again, as what is done already is done.
    /// </returns>
    public Task<ClientOutcome<ulong>> RemoveReplicaAsync(string replica, CancellationToken cancel = default) =>
        ChangeClusterAsync("cluster_remove", f => f.Write("replica", replica), cancel);

    /// <summary>Gives leadership away. Admin only.</summary>
    /// <param name="replica">To whom; null for any other.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>
    /// The revision. Rejected: <c>admin_required</c>; with nothing changed <c>replica_not_found</c>, <c>replica_not_ready</c>,
    /// <c>not_caught_up</c>, <c>change_in_progress</c>; <c>unavailable</c> also when the answer was lost, so look who leads.
    /// </returns>
    public Task<ClientOutcome<ulong>> TransferLeadershipAsync(string? replica = null, CancellationToken cancel = default) =>
        ChangeClusterAsync("cluster_transfer", f => f.Write("replica", replica), cancel);

    /// <summary>Reads a piece of a snapshot file. Admin only.</summary>
    /// <param name="index">
    /// The log index of the snapshot; null for the newest. Take the first piece without it: that is of the replica's present state. Take
    /// the others by the <see cref="SnapshotPieceAnswer.Index"/> of that one, within half a minute after each other, and compare
    /// <see cref="SnapshotPieceAnswer.Sha256"/> with that of all bytes.
    /// </param>
    /// <param name="offset">From this byte.</param>
    /// <param name="length">So many bytes, 1 to 1 MiB.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Rejected: <c>admin_required</c>; <c>invalid_argument</c> when the replica holds no such snapshot: begin anew; <c>unavailable</c>.</returns>
    /// <remarks>Snapshots are each replica's own: use a client that knows one replica alone.</remarks>
    public Task<ClientOutcome<SnapshotPieceAnswer>> ReadSnapshotAsync(
        ulong? index, ulong offset, int length, CancellationToken cancel = default) => AskAsync(
        "snapshot_read",
        f => f.Write("index", index).Write("offset", offset).Write("length", (ulong)length),
        options: null,
        a => new SnapshotPieceAnswer(
            a.Int64("index"), a.Int64("size"), a.Text("sha256"), a.Int64("offset"), a.Base64("data"), a.Flag("more")),
        cancel);

    /// <summary>Reads the audit trail. Admin only.</summary>
    /// <param name="filter">Which records; null for all.</param>
    /// <param name="options">Which part, and how fresh.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Rejected: <c>admin_required</c>, <c>audit_truncated</c>, <c>answer_too_large</c> without a limit.</returns>
    public Task<ClientOutcome<AuditPage>> GetAuditAsync(
        AuditFilter? filter = null, ListOptions? options = null, CancellationToken cancel = default) => AskAsync(
        "get_audit",
        f => f.Write("network_id", filter?.Network).Write("node_id", filter?.Node).Write("action", filter?.Action)
            .Write("from_revision", filter?.FromRevision),
        options,
        a => new AuditPage(a.List("records", ReadRecord), a.Number("oldest"), a.Next),
        cancel);

    /// <summary>Goes through the audit trail, a page at a time.</summary>
    /// <exception cref="MembershipRequestException">A page was rejected.</exception>
    public IAsyncEnumerable<AuditEntry> EnumerateAuditAsync(
        AuditFilter? filter = null, QueryOptions? options = null, CancellationToken cancel = default) => EnumerateAsync(
        async (page, stop) =>
        {
            var audit = (await GetAuditAsync(filter, page, stop)).Require();
            return new ListPage<AuditEntry>(audit.Records, audit.Next);
        },
        options,
        cancel);

    // It takes as long as a fresh replica needs to catch up, and would hold up whatever else waits on a shared connection.
    private async Task<ClientOutcome<ulong>> ChangeClusterAsync(string type, Action<RequestWriter> write, CancellationToken cancel)
    {
        using var links = new ReplicaLinks(_options, ClusterChangeLimit);
        var sender = new RequestSender(links, _options);
        return await AskAsync(sender, new(type, write), a => a.Number("revision"), ClusterChangeLimit, cancel);
    }

    private static StatusAnswer ReadStatus(AnswerReader a) => new()
    {
        Cluster = a.Text("cluster"),
        Replica = a.Text("replica"),
        Leader = a.OptionalText("leader"),
        Term = a.Int64("term"),
        CommitIndex = a.Int64("commit"),
        AppliedIndex = a.Int64("applied"),
        Revision = a.Number("revision"),
        Digest = a.Text("digest"),
        Lag = a.OptionalInt64("lag") ?? 0,
        LagMs = a.OptionalInt64("lag_ms"),
        Version = a.UInt32("version"),
    };

    private static ReplicaAnswer ReadReplica(AnswerReader a) => new()
    {
        Replica = a.Text("replica"),
        RaftAddress = a.Text("raft_address"),
        PeerAddress = a.Text("peer_address"),
        Role = a.Text("role"),
        Progress = a.OptionalInt64("term") is null ? null : ReadProgress(a),
        Health = a.Texts("health"),
    };

    private static ReplicaProgress ReadProgress(AnswerReader a) => new()
    {
        Term = a.Int64("term"),
        CommitIndex = a.Int64("commit"),
        AppliedIndex = a.Int64("applied"),
        Lag = a.Int64("lag"),
        Revision = a.Number("revision"),
        Digest = a.Text("digest"),
        SnapshotIndex = a.Int64("snapshot"),
        Version = a.UInt32("version"),
    };

    private static AuditEntry ReadRecord(AnswerReader a) => new()
    {
        Number = a.Number("number"),
        Revision = a.Number("revision"),
        Time = a.Int64("time"),
        Actor = a.Text("actor"),
        ActorRole = a.Text("actor_role"),
        RequestId = a.RequestId("request_id"),
        Action = a.Text("action"),
        Attributes = a.Attributes("attributes"),
        PreviousHash = a.Hex("previous_hash"),
        Hash = a.Hex("hash"),
    };
}
