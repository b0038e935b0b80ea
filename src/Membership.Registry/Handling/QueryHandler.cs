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
    public async ValueTask<Identity> HandleAsync(
        Request request, Query query, RequestSource source, AnswerWriter writer, CancellationToken token)
    {
        var (identity, state) = await BeginAsync(request, query, source, writer, token);
        if (state is not null) QueryAnswers.Write(writer, request, new(state, identity.Actor, options.DirectoryAccess));
        return identity;
    }

    /// <summary>Who asks, and a state as fresh as they ask for. Without a state the refusal is written.</summary>
    /// <exception cref="ReplicaUnavailableException">There is no state as fresh as that.</exception>
    public async ValueTask<(Identity Identity, MembershipState? State)> BeginAsync(
        Request request, Query query, RequestSource source, AnswerWriter writer, CancellationToken token)
    {
        var state = await TakeStateAsync(query, source.Memory?.Revision ?? 0, token);
        if (state is null)
        {
            writer.WriteError(new(Code.NotLeader) { Leader = replica.Status.Leader });
            return (Identity.Nobody, null);
        }

        var identity = query.Consistency == Consistency.Linearizable
            ? authenticator.Identify(request, state, isConfirmed: true)
            : await authenticator.IdentifyAsync(request, turn: null, token);
        identity = CheckSignature(request, identity, state);
        if (identity.Code == Code.Ok) return (identity, state);
        writer.WriteError(new(identity.Code));
        return (identity, null);
    }

    /// <summary>Waits for a confirmed state, but only while there may be one; false without.</summary>
    public async ValueTask<bool> TryConfirmAsync(CancellationToken token)
    {
        if (replica.Status.Leader is null) return false;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(token);
        end.CancelAfter(WaitMax);
        try
        {
            await replica.ReadForClientAsync(end.Token);
            return true;
        }
        catch (Exception e) when (e is ReplicaUnavailableException or OperationCanceledException && !token.IsCancellationRequested)
        {
            // Whoever asks a replica how it is asks all the more when it cannot confirm anything.
            return false;
        }
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
    private async ValueTask<MembershipState?> TakeStateAsync(Query query, ulong ownRevision, CancellationToken token) => query.Consistency switch
    {
        Consistency.Linearizable => await replica.ReadForClientAsync(token),
        Consistency.Leader when replica.Status.Role != ReplicaRole.Leader => null,
        Consistency.Leader => await WaitForAsync(null, ownRevision, token),
        _ => await WaitForAsync(query.MaxLagMs, Math.Max(query.MinRevision ?? 0, ownRevision), token),
    };

    private async ValueTask<MembershipState> WaitForAsync(uint? maxLagMs, ulong minRevision, CancellationToken token)
    {
        if (IsWithinLag(replica.State, maxLagMs) && replica.State is var present && present.Revision >= minRevision) return present;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(token);
        end.CancelAfter(WaitMax);
        try
        {
            if (!IsWithinLag(replica.State, maxLagMs)) await replica.ReadForClientAsync(end.Token);
            while (replica.State.Revision < minRevision) await Task.Delay(WaitStep, end.Token);
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
