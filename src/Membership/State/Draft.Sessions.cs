using Membership.Sessions;

namespace Membership.State;

internal sealed partial class Draft
{
    public bool TryGetSession(in SessionKey key, out Session session) => Tables.Sessions.TryGetValue(key, out session!);

    /// <summary>Replaces the session's own record; its outcomes have records of their own.</summary>
    public void PutSession(in SessionKey key, Session session)
    {
        if (TryGetSession(key, out var old)) DropSessionRecord(key, old);
        Add(_record.Hash(key, session));
        Tables.Sessions = Tables.Sessions.Set(key, session, _mark);
        Tables.SessionsByUse = Tables.SessionsByUse.Set(session.LastUseRevision, key, _mark);
        Tables.SessionsByExpiry = Tables.SessionsByExpiry.Set(
            new(session.ExpiresAfter(_limits), session.LastUseRevision), key, _mark);
    }

    /// <summary>Adds an outcome; the session that comes back still has to be put.</summary>
    public Session AddOutcome(in SessionKey key, Session session, ulong sequence, in StoredOutcome outcome)
    {
        Add(_record.Hash(key, sequence, outcome));
        return session with { Outcomes = session.Outcomes.Set(sequence, outcome, _mark) };
    }

    /// <summary>Raises the floor and drops the outcomes below it; the session that comes back still has to be put.</summary>
    public Session RaiseFloor(in SessionKey key, Session session, ulong minSequence)
    {
        var outcomes = session.Outcomes;
        while (outcomes.TryGetFirst(out var first) && first.Key < minSequence)
        {
            Subtract(_record.Hash(key, first.Key, first.Value));
            outcomes = outcomes.Remove(first.Key, _mark);
        }

        return session with { MinSequence = minSequence, Outcomes = outcomes };
    }

    public void RemoveSession(in SessionKey key, Session session)
    {
        foreach (var (sequence, outcome) in session.Outcomes) Subtract(_record.Hash(key, sequence, outcome));
        DropSessionRecord(key, session);
        Tables.Sessions = Tables.Sessions.Remove(key, _mark);
    }

    private void DropSessionRecord(in SessionKey key, Session session)
    {
        Subtract(_record.Hash(key, session));
        Tables.SessionsByUse = Tables.SessionsByUse.Remove(session.LastUseRevision, _mark);
        Tables.SessionsByExpiry = Tables.SessionsByExpiry.Remove(
            new(session.ExpiresAfter(_limits), session.LastUseRevision), _mark);
    }
}
