using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Registry.Authentication;
using Membership.Registry.Telemetry;
using Membership.Replication;
using Microsoft.Extensions.Logging;

namespace Membership.Registry.Handling;

/// <summary>Answers what is asked of this one replica, led or not, and of operators: its status, its snapshots, changes of the cluster.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class OperatorHandler(MembershipReplica replica, Authenticator authenticator, QueryHandler queries, TimeProvider time, ILogger logger)
{
    private readonly ClusterHandler _cluster = new(replica);

    /// <summary>Writes the answer and returns who asked.</summary>
    /// <exception cref="ReplicaUnavailableException">There is no state as fresh as the request asks for.</exception>
    public async ValueTask<Identity> HandleAsync(Request request, Query query, RequestSource source, AnswerWriter writer, CancellationToken token)
    {
        // What is wrong with it must be seen from afar, too, and its state authenticates nobody then.
        if (query is GetStatus && replica.Status.Divergence is not null)
        {
            WriteStatus(writer, request, isFresh: false);
            return Identity.Nobody;
        }

        var (identity, isRefused, isFresh) = await BeginAsync(request, query, source, writer, token);
        if (isRefused) return identity;
        if (query is GetStatus) WriteStatus(writer, request, isFresh);
        else if (identity.Actor is not { IsAdmin: true }) writer.WriteError(new(Code.AdminRequired));
        else if (query is SnapshotRead read) await WriteSnapshotAsync(request, read, writer, token);
        else await _cluster.HandleAsync(request, writer, token);
        return identity;
    }

    // A replica that has nobody to confirm its state is asked how it is all the same, unless the request itself insists.
    private async ValueTask<(Identity Identity, bool IsRefused, bool IsFresh)> BeginAsync(
        Request request, Query query, RequestSource source, AnswerWriter writer, CancellationToken token)
    {
        if (query.NamesConsistency)
        {
            var (asked, state) = await queries.BeginAsync(request, query, source, writer, token);
            return (asked, state is null, query.Consistency != Consistency.Stale);
        }

        var isFresh = query is GetStatus or ClusterStatus or SnapshotRead { Index: null } && await queries.TryConfirmAsync(token);
        var identity = await authenticator.IdentifyAsync(request, turn: null, token);
        identity = queries.CheckSignature(request, identity, replica.State);
        if (identity.Code != Code.Ok) writer.WriteError(new(identity.Code));
        return (identity, identity.Code != Code.Ok, isFresh);
    }

    private void WriteStatus(AnswerWriter writer, Request request, bool isFresh)
    {
        var status = replica.Status;
        writer.WriteStatus(request, new()
        {
            Cluster = status.ClusterId,
            Replica = status.ReplicaId,
            Leader = status.Leader,
            Term = status.Term,
            CommitIndex = status.CommitIndex,
            AppliedIndex = status.AppliedIndex,
            Revision = status.Revision,
            Digest = status.Digest.ToString(),
            Lag = Math.Max(0, status.CommitIndex - status.AppliedIndex),
            LagMs = isFresh || status.Role == ReplicaRole.Leader ? 0 : LagSince(status.ClusterTime),
            Version = status.StateVersion,
        });
    }

    // The state was the leader's at its cluster time, at least.
    private long? LagSince(long clusterTime) => clusterTime == 0 ? null : Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds() - clusterTime);

    private async ValueTask WriteSnapshotAsync(Request request, SnapshotRead read, AnswerWriter writer, CancellationToken token)
    {
        try
        {
            if (await replica.ReadSnapshotAsync((long?)read.Index, (long)read.Offset, read.Length, token) is { } chunk)
            {
                writer.WriteSnapshotPiece(
                    request, replica.Status.Revision, new(chunk.Index, chunk.Size, chunk.Sha256, chunk.Offset, chunk.Data, chunk.HasMore));
                return;
            }

            // It was there and does not come back, so it is no use to try again: there is another one to begin anew with.
            if (read.Index is not null)
            {
                var present = replica.Status.SnapshotIndex;
                writer.WriteError(new(Code.InvalidArgument) { Field = "index", SnapshotIndex = present > 0 ? present : null });
                return;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.SnapshotUnreadable(e);
        }

        writer.WriteError(new(Code.Unavailable));
    }
}
