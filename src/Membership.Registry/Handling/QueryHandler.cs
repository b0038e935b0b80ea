using Membership.Protocol.Answers;
using Membership.Protocol.Requests;
using Membership.Queries;
using Membership.Registry.Authentication;
using Membership.Replication;
using Membership.State;

namespace Membership.Registry.Handling;

/// <summary>Answers a query from a state that is as fresh as it asks for.</summary>
/// <remarks>Source: command specification, section 6. Thread-safe.</remarks>
internal sealed class QueryHandler(MembershipReplica replica, RegistryOptions options, Authenticator authenticator, TimeProvider time)
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WaitStep = TimeSpan.FromMilliseconds(10);

    /// <summary>Writes the answer and returns who asked.</summary>
    /// <exception cref="ReplicaUnavailableException">There is no state as fresh as that.</exception>
    public async ValueTask<Identity> HandleAsync(Request request, Query query, AnswerWriter writer, CancellationToken token)
    {
        var state = await TakeStateAsync(query, token);
        if (state is null)
        {
            writer.WriteError(new(Code.NotLeader) { Leader = replica.Status.Leader });
            return Identity.Nobody;
        }

        var identity = query.Consistency == Consistency.Linearizable
            ? authenticator.Identify(request, state, isConfirmed: true)
            : await authenticator.IdentifyAsync(request, token);
        identity = CheckSignature(request, identity, state);
        if (identity.Code != Code.Ok) writer.WriteError(new(identity.Code));
        else QueryAnswers.Write(writer, request, new(state, identity.Actor, options.DirectoryAccess));
        return identity;
    }

    /// <summary>What only a mutation may do: be old and repeated, or signed by a key that is replaced.</summary>
    public Identity CheckSignature(Request request, Identity identity, MembershipState state)
    {
        if (identity.Code != Code.Ok || request.Claims is not { } claims) return identity;
        var now = Math.Max(state.ClusterTime, time.GetUtcNow().ToUnixTimeMilliseconds());
        var issuedAt = claims.IssuedAt * 1000;
        if (issuedAt < now - state.Limits.FreshnessBehindMs) return Identity.Refused(Code.RequestExpired);
        if (issuedAt > now + state.Limits.FreshnessAheadMs) return Identity.Refused(Code.RequestFromFuture);
        return identity.IsByFormerKey ? Identity.Refused(Code.StaleCredential) : identity;
    }

    /// <summary>Null when only the leader may answer, and this replica does not lead.</summary>
    private async ValueTask<MembershipState?> TakeStateAsync(Query query, CancellationToken token) => query.Consistency switch
    {
        Consistency.Linearizable => await replica.ReadAsync(token),
        Consistency.Leader => replica.Status.Role == ReplicaRole.Leader ? replica.State : null,
        _ => await WaitForAsync(query, token),
    };

    private async ValueTask<MembershipState> WaitForAsync(Query query, CancellationToken token)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(token);
        end.CancelAfter(WaitMax);
        try
        {
            if (!IsWithinLag(replica.State, query.MaxLagMs)) await replica.ReadAsync(end.Token);
            while (replica.State.Revision < query.MinRevision) await Task.Delay(WaitStep, end.Token);
            return replica.State;
        }
        catch (OperationCanceledException e) when (!token.IsCancellationRequested)
        {
            throw new ReplicaUnavailableException($"The state did not become as fresh as asked for within {WaitMax.TotalSeconds} s.", e);
        }
    }

    // A state was the leader's at its cluster time, at least. When that is too long ago, as it is in a quiet cluster, a confirmed read tells.
    private bool IsWithinLag(MembershipState state, uint? maxLagMs) =>
        maxLagMs is not { } max || time.GetUtcNow().ToUnixTimeMilliseconds() - state.ClusterTime <= max;
}
