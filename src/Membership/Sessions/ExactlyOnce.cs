using Membership.Mutations;
using Membership.State;

namespace Membership.Sessions;

/// <summary>
/// Steps (1) to (4) before a mutation's own row: the session, freshness, the credential's version, the bounds. And what is stored
/// after it.
/// </summary>
/// <remarks>
/// Source: command specification, section 5. What fails here is not stored, changes nothing and is no use of the session.
/// </remarks>
internal static class ExactlyOnce
{
    /// <summary>
    /// The outcome when the mutation must not run: the stored one of an earlier attempt, or a rejection. Null when it is admitted; then
    /// sessions were pushed out if there had to be room, and <see cref="Store"/> has to follow.
    /// </summary>
    /// <param name="c">The mutation's context.</param>
    /// <param name="header">Who asks, under which request.</param>
    /// <param name="mutation">What is asked for; null when it could not be read.</param>
    /// <param name="session">The session; null when the mutation begins it.</param>
    public static Outcome? Admit(MutationContext c, in ProposalHeader header, Mutation? mutation, out Session? session)
    {
        var key = SessionKey.Of(header.Actor, header.RequestId.Client);
        session = FindLive(c.State, key);
        if (session is not null && Repeat(c, session, header) is { } repeated) return repeated;
        var code = CheckFreshness(c, header);
        if (code == Code.Ok) code = CheckCredential(c, header.Actor, mutation);
        if (code == Code.Ok) code = session is null ? MakeRoom(c, key) : CheckUnsettled(c, session, header.Settled);
        if (code != Code.Ok) return new Outcome(code, c.Revision);

        // What is held under the key is over its time: the request begins a session of its own.
        if (session is null && c.State.TryGetSession(key, out var expired)) c.State.RemoveSession(key, expired);
        return null;
    }

    /// <summary>Stores the outcome of the mutation's own row, be it success or rejection, and drops what the client settled.</summary>
    public static void Store(MutationContext c, in ProposalHeader header, Session? admitted, in Outcome outcome)
    {
        var key = SessionKey.Of(header.Actor, header.RequestId.Client);
        var session = c.State.UseSession(key, admitted);
        c.State.AddOutcome(
            key, session, header.RequestId.Sequence, new(header.Fingerprint, outcome.Revision, outcome.Code, outcome.Results));
        c.State.RaiseFloor(session, header.Settled + 1 ?? 0);
        session.LastUse = c.Now;
        session.LastUseRevision = c.Revision;
        session.GreatestIssuedAt = Math.Max(session.GreatestIssuedAt, header.IssuedAtMs ?? 0);
    }

    /// <summary>Removes sessions whose time is over, so many at most: an entry's work stays bounded.</summary>
    public static void RemoveExpired(Draft state, int max)
    {
        state.ListSessions();
        while (max-- > 0
            && state.Tables.SessionsByExpiry.TryGetFirst(out var first)
            && first.Key.ExpiresAfter < state.Now)
        {
            state.TryGetSession(first.Value, out var session);
            state.RemoveSession(first.Value, session);
        }
    }

    private static Session? FindLive(Draft state, in SessionKey key) =>
        state.TryGetSession(key, out var session) && session.ExpiresAfter(state.Limits) >= state.Now ? session : null;

    // (1)
    private static Outcome? Repeat(MutationContext c, Session session, in ProposalHeader header)
    {
        var sequence = header.RequestId.Sequence;
        if (session.Outcomes.TryGetValue(sequence, out var stored))
        {
            return stored.Content == header.Fingerprint
                ? new Outcome(stored.Code, stored.Revision, stored.Results, Repeated: true)
                : new Outcome(Code.RequestIdReused, c.Revision);
        }

        return sequence < session.MinSequence ? new Outcome(Code.RequestSettled, c.Revision) : null;
    }

    // (2)
    private static Code CheckFreshness(MutationContext c, in ProposalHeader header)
    {
        if (header.IssuedAtMs is not { } issuedAt) return Code.Ok;
        if (issuedAt < c.Now - c.Limits.FreshnessBehindMs) return Code.RequestExpired;
        if (issuedAt > c.Now + c.Limits.FreshnessAheadMs) return Code.RequestFromFuture;
        return issuedAt > c.State.Counters.SessionFloorTime ? Code.Ok : Code.RequestExpired;
    }

    // (3)
    private static Code CheckCredential(MutationContext c, Actor actor, Mutation? mutation)
    {
        var stands = actor.Kind switch
        {
            ActorKind.Node => c.State.TryGetNode(actor.Node, out var node) && node.KeyVersion == actor.Version,
            ActorKind.NetworkAdmin =>
                c.State.TryGetNetwork(actor.Network, out var network) && network.AdminToken?.Version == actor.Version,
            _ => true,
        };
        var staleProof = mutation is JoinNetwork join && join.HasStaleProof(c);
        return stands && !staleProof ? Code.Ok : Code.StaleCredential;
    }

    // (4)
    private static Code CheckUnsettled(MutationContext c, Session session, ulong? settled)
    {
        var floor = Math.Max(session.MinSequence, settled + 1 ?? 0);
        var above = session.Outcomes.Count - session.Outcomes.CountLess(floor);
        return above < c.Limits.OutcomesMax ? Code.Ok : Code.TooManyUnsettled;
    }

    // (4) for a new session: its actor's bound, then the bound of all, over which the longest unused goes.
    private static Code MakeRoom(MutationContext c, in SessionKey key)
    {
        if (IsAtBound(c, key)) RemoveExpired(c.State, int.MaxValue);
        if (CountOfActor(c.State, key) >= BoundOf(c.Limits, key.Kind)) return Code.TooManySessions;
        if (c.State.Tables.Sessions.Count < c.Limits.SessionsMax) return Code.Ok;
        return TryPushOut(c) ? Code.Ok : Code.Overloaded;
    }

    private static bool IsAtBound(MutationContext c, in SessionKey key) =>
        c.State.Tables.Sessions.Count >= c.Limits.SessionsMax || CountOfActor(c.State, key) >= BoundOf(c.Limits, key.Kind);

    private static int BoundOf(Limits limits, ActorKind kind) => kind switch
    {
        ActorKind.Admin => limits.AdminSessionsMax,
        ActorKind.Key => limits.KeySessionsMax,
        _ => limits.ActorSessionsMax,
    };

    private static int CountOfActor(Draft state, in SessionKey key)
    {
        // All admin tokens are one actor, and all registering keys are counted together.
        var all = key.Kind is ActorKind.Admin or ActorKind.Key;
        var from = SessionKey.First(key.Kind, all ? 0 : key.Id);
        var to = all ? SessionKey.First(key.Kind + 1) : SessionKey.First(key.Kind, key.Id + 1);
        return state.Tables.Sessions.CountBetween(from, to);
    }

    private static bool TryPushOut(MutationContext c)
    {
        c.State.ListSessions();
        c.State.Tables.SessionsByUse.TryGetFirst(out var longestUnused);
        c.State.TryGetSession(longestUnused.Value, out var session);
        if (session.GreatestIssuedAt > c.Now - c.Limits.SessionFloorLagMs) return false;
        c.State.RemoveSession(longestUnused.Value, session);
        c.State.Counters.SessionFloorTime = Math.Max(c.State.Counters.SessionFloorTime, session.GreatestIssuedAt);
        return true;
    }
}
