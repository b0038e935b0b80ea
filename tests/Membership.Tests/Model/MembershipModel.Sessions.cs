namespace Membership.Tests.Model;

// Section 5: exactly once, steps (1) to (4).
internal sealed partial class MembershipModel
{
    private Outcome Mutate(Proposal proposal)
    {
        // `settled` is below the request's own sequence, or the request is none.
        if (proposal.Settled >= proposal.RequestId.Sequence) return Refused(Code.InvalidArgument);
        var owner = ModelSessionOwner.Of(proposal.Actor, proposal.RequestId.Client);
        var session = Sessions.Find(held => held.Owner == owner);

        // (1) the session
        if (session is not null && session.Outcomes.TryGetValue(proposal.RequestId.Sequence, out var stored))
        {
            if (stored.Content != proposal.Fingerprint) return Refused(Code.RequestIdReused);
            Hits.Add("session", stored.Outcome.IsOk ? "repeated success" : "repeated rejection");
            return stored.Outcome with { Repeated = true };
        }

        if (session?.Floor >= proposal.RequestId.Sequence) return Refused(Code.RequestSettled);

        // (2) freshness of a signed request
        if (proposal.IssuedAt * 1000 is { } issuedAt)
        {
            if (Time - issuedAt > Limits.FreshnessBehindMs) return Refused(Code.RequestExpired, "behind");
            if (issuedAt - Time > Limits.FreshnessAheadMs) return Refused(Code.RequestFromFuture);
            if (issuedAt <= SessionFloorTime) return Refused(Code.RequestExpired, "floor time");
        }

        // (3) the version of key or token, the join token's too (2.7)
        if (IsStale(proposal.Actor)) return Refused(Code.StaleCredential, proposal.Actor.Kind.ToString());
        if (proposal.Mutation is JoinNetwork join && IsStale(join)) return Refused(Code.StaleCredential, "proof");

        // (4) the bounds
        if (session is null)
        {
            if (MakeRoom(owner) is { } refusal) return refusal;
        }
        else
        {
            var unsettled = session.Outcomes.Keys.Count(sequence => proposal.Settled is not { } floor || sequence > floor);
            if (unsettled >= Limits.OutcomesMax) return Refused(Code.TooManyUnsettled);
        }

        // (5) the command's row
        var eventsBefore = Events.Count;
        var outcome = Decide(proposal);
        Record(owner, session, proposal, outcome);
        Hits.AddDecided(proposal.Mutation, outcome, Events.Skip(eventsBefore));
        return outcome;
    }

    private bool IsStale(Actor actor) => actor.Kind switch
    {
        ActorKind.Node => Node(actor.Node)?.KeyVersion != actor.Version,
        ActorKind.NetworkAdmin => Network(actor.Network)?.AdminToken?.Version != actor.Version,
        _ => false,
    };

    private bool IsStale(JoinNetwork join) =>
        join.Proof is { } proof && Network(join.Network)?.JoinToken is { } token && token.Version != proof.Version;

    /// <summary>Room for a new session: the bound of its own kind refuses, the bound of all pushes the longest unused out.</summary>
    private Outcome? MakeRoom(ModelSessionOwner owner)
    {
        var bound = owner.Kind switch
        {
            ActorKind.Admin => Limits.AdminSessionsMax,
            ActorKind.Key => Limits.KeySessionsMax,
            _ => Limits.ActorSessionsMax,
        };
        if (Sessions.Count(held => held.Owner.SharesBoundWith(owner)) >= bound)
            return Refused(Code.TooManySessions, owner.Kind.ToString());
        if (Sessions.Count < Limits.SessionsMax) return null;

        var longestUnused = Sessions.MinBy(held => held.LastUseRevision)!;
        if (longestUnused.GreatestIssuedAt is { } issuedAt)
        {
            if (issuedAt > Time - Limits.SessionFloorLagMs) return Refused(Code.Overloaded);
            SessionFloorTime = Math.Max(SessionFloorTime, issuedAt);
        }

        Sessions.Remove(longestUnused);
        Hits.Add("session", longestUnused.GreatestIssuedAt is null ? "pushed out, unsigned" : "pushed out, signed");
        return null;
    }

    private void Record(ModelSessionOwner owner, ModelSession? session, Proposal proposal, Outcome outcome)
    {
        if (session is null) Sessions.Add(session = new ModelSession { Owner = owner });
        if (proposal.Settled is { } settled && !(session.Floor >= settled))
        {
            session.Floor = settled;
            foreach (var sequence in session.Outcomes.Keys.Where(sequence => sequence <= settled).ToList())
                session.Outcomes.Remove(sequence);
        }

        session.Outcomes.Add(proposal.RequestId.Sequence, new(proposal.Fingerprint, outcome));
        session.LastUse = Time;
        session.LastUseRevision = Revision;
        if (proposal.IssuedAt * 1000 is { } issuedAt && !(session.GreatestIssuedAt >= issuedAt)) session.GreatestIssuedAt = issuedAt;
    }

    private bool IsExpired(ModelSession session)
    {
        var expired = Time - session.LastUse > Limits.SessionTtlMs
            && !(Time - session.GreatestIssuedAt <= Limits.SessionTtlMs);
        if (expired) Hits.Add("session", "gone by age");
        return expired;
    }

    private Outcome Refused(Code code, string? variant = null)
    {
        Hits.Add("session", variant is null ? code.ToName() : $"{code.ToName()} ({variant})");
        return new(code, Revision);
    }
}
