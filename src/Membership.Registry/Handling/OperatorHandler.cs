using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Registry.Authentication;
using Membership.Replication;

namespace Membership.Registry.Handling;

/// <summary>Answers what is asked of this one replica, led or not, and of operators.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class OperatorHandler(MembershipReplica replica, Authenticator authenticator, QueryHandler queries)
{
    private readonly ClusterHandler _cluster = new(replica);

    /// <summary>Writes the answer and returns who asked.</summary>
    public async ValueTask<Identity> HandleAsync(Request request, AnswerWriter writer, CancellationToken token)
    {
        var identity = await authenticator.IdentifyAsync(request, token);
        identity = queries.CheckSignature(request, identity, replica.State);
        if (identity.Code != Code.Ok) writer.WriteError(new(identity.Code));
        else if (request.Command is GetStatus) WriteStatus(writer, request);
        else if (request.Command is Watch) writer.WriteError(new(Code.Unavailable));
        else if (identity.Actor is not { IsAdmin: true }) writer.WriteError(new(Code.AdminRequired));
        else if (ClusterHandler.IsFor(request.Command)) await _cluster.HandleAsync(request, writer, token);
        else writer.WriteError(new(Code.Unavailable));
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
}
