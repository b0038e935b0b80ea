using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Registry.Authentication;
using Membership.Registry.Telemetry;
using Membership.Replication;
using Microsoft.Extensions.Logging;

namespace Membership.Registry.Handling;

/// <summary>Answers what is asked of this one replica, led or not, and of operators: its status, its snapshots, changes of the cluster.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class OperatorHandler(MembershipReplica replica, Authenticator authenticator, QueryHandler queries, ILogger logger)
{
    private readonly ClusterHandler _cluster = new(replica);

    /// <summary>Writes the answer and returns who asked.</summary>
    public async ValueTask<Identity> HandleAsync(Request request, AnswerWriter writer, CancellationToken token)
    {
        // What is wrong with it must be seen from afar, too, and its state authenticates nobody then.
        if (request.Command is GetStatus && replica.Status.Divergence is not null)
        {
            WriteStatus(writer, request);
            return Identity.Nobody;
        }

        var identity = await authenticator.IdentifyAsync(request, before: null, token);
        identity = queries.CheckSignature(request, identity, replica.State);
        if (identity.Code != Code.Ok) writer.WriteError(new(identity.Code));
        else if (request.Command is GetStatus) WriteStatus(writer, request);
        else if (identity.Actor is not { IsAdmin: true }) writer.WriteError(new(Code.AdminRequired));
        else if (request.Command is SnapshotRead read) await WriteSnapshotAsync(request, read, writer, token);
        else await _cluster.HandleAsync(request, writer, token);
        return identity;
    }

    private void WriteStatus(AnswerWriter writer, Request request)
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
            LagMs = status.Role == ReplicaRole.Leader ? 0 : null,
            Version = status.StateVersion,
        });
    }

    private async ValueTask WriteSnapshotAsync(Request request, SnapshotRead read, AnswerWriter writer, CancellationToken token)
    {
        try
        {
            if (await replica.ReadSnapshotAsync((long?)read.Index, (long)read.Offset, read.Length, token) is { } chunk)
            {
                writer.WriteSnapshotPiece(
                    request, replica.State.Revision, new(chunk.Index, chunk.Size, chunk.Sha256, chunk.Offset, chunk.Data, chunk.HasMore));
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
