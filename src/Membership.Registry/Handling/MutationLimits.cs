using System.Collections.Concurrent;
using Membership.Protocol.Requests;
using Membership.Queries;
using Membership.Registry.Authentication;
using Membership.Replication;

namespace Membership.Registry.Handling;

/// <summary>Who pays for a mutation, and whether they still can.</summary>
/// <remarks>
/// A node pays for what it certainly sends now. What anybody may have captured and sent again is paid for by where it comes from: a
/// repetition, what is not fresh any more, and a legacy signature, which always may be. Thread-safe.
/// </remarks>
internal sealed class MutationLimits(MembershipReplica replica, RegistryOptions options, QueryHandler queries, TimeProvider time)
{
    private readonly RegistrationLimit _registrations = new(time);
    private readonly ConcurrentDictionary<(NodeId Node, RequestId Id), bool> _underWay = [];

    /// <summary>Counts a mutation. Whether it may begin or not, <see cref="End"/> has to follow with what <paramref name="place"/> holds.</summary>
    /// <param name="request">The request.</param>
    /// <param name="identity">Who proved themselves.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="place">What makes copies of it repetitions meanwhile; null for none.</param>
    public Code TryBegin(Request request, Identity identity, RequestSource source, out (NodeId, RequestId)? place)
    {
        place = null;
        var actor = identity.Actor!.Value;
        if (actor.Kind == ActorKind.Key) return TryRegister(source);
        if (actor.Kind != ActorKind.Node || source.MutationRate is not { } rate) return Code.Ok;
        if (request.Claims is null || request.RequestId is not { } id) return rate.TryTake(actor.Node, source.Address) ? Code.Ok : Code.RateLimited;
        var isFirst = _underWay.TryAdd((actor.Node, id), true);
        if (isFirst) place = (actor.Node, id);
        var isTaken = isFirst && IsNew(request, identity, id) ? rate.TryTake(actor.Node) : rate.TryTake(NodeId.Nobody, source.Address);
        return isTaken ? Code.Ok : Code.RateLimited;
    }

    /// <summary>The mutation is answered, or refused.</summary>
    public void End((NodeId, RequestId)? place)
    {
        if (place is { } taken) _underWay.TryRemove(taken, out _);
    }

    private bool IsNew(Request request, Identity identity, RequestId id)
    {
        var state = replica.State;
        return queries.CheckSignature(request, identity, state).Code == Code.Ok && !new SessionRecords(state).IsDecided(identity.Actor!.Value, id);
    }

    private Code TryRegister(RequestSource source)
    {
        if (options.Registration != RegistrationMode.Proof) return Code.AdminRequired;
        return _registrations.TryTake(source.Address) ? Code.Ok : Code.RateLimited;
    }
}
