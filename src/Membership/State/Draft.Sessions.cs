using Membership.Sessions;

namespace Membership.State;

internal sealed partial class Draft
{
    // Indexes and digest learn of a session's use once an entry, however many of its mutations the client asked for.
    private readonly List<(SessionKey Key, Session Session)> _usedSessions = [];

    public bool TryGetSession(in SessionKey key, out Session session) => Tables.Sessions.TryGetValue(key, out session!);

    /// <summary>Begins the use of a session: what comes back may be changed until the entry is done.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="session">The one that is held under the key; null to make one.</param>
    public Session UseSession(in SessionKey key, Session? session)
    {
        var used = session;
        if (used is null || !used.IsOwnedBy(_mark))
        {
            used = used is null ? new(_mark) : new(_mark, used) { Listing = used.Listing };
            Tables.Sessions = Tables.Sessions.Set(key, used, _mark);
        }

        if (used.IsInUse) return used;
        used.IsInUse = true;
        _usedSessions.Add((key, used));
        return used;
    }

    /// <summary>Adds or replaces a session with all that it holds but its outcomes, which have records of their own.</summary>
    public Session PutSession(in SessionKey key, Session session)
    {
        if (TryGetSession(key, out var old)) RemoveSession(key, old);
        return UseSession(key, new(owner: null, session) { Outcomes = default });
    }

    /// <summary>Adds an outcome to a session in use.</summary>
    public void AddOutcome(in SessionKey key, Session session, ulong sequence, in StoredOutcome outcome)
    {
        var held = outcome with { Hash = _record.Hash(key, sequence, outcome) };
        Add(held.Hash);
        session.Outcomes = session.Outcomes.Set(sequence, held, _mark);
    }

    /// <summary>Raises the floor of a session in use and drops the outcomes below it.</summary>
    public void RaiseFloor(Session session, ulong minSequence)
    {
        if (minSequence <= session.MinSequence) return;
        session.MinSequence = minSequence;
        while (session.Outcomes.TryGetFirst(out var first) && first.Key < minSequence)
        {
            Subtract(first.Value.Hash);
            session.Outcomes = session.Outcomes.Remove(first.Key, _mark);
        }
    }

    public void RemoveSession(in SessionKey key, Session session)
    {
        ListSessions();
        foreach (var (_, outcome) in session.Outcomes) Subtract(outcome.Hash);
        Unlist(session);
        Tables.Sessions = Tables.Sessions.Remove(key, _mark);
    }

    /// <summary>Brings indexes and digest up to date with the sessions in use; to be called before anything is read from these indexes.</summary>
    public void ListSessions()
    {
        foreach (var (key, session) in _usedSessions)
        {
            Unlist(session);
            var listing = new SessionListing(
                new(session.ExpiresAfter(_limits), session.LastUseRevision), _record.Hash(key, session));
            Add(listing.Hash);
            Tables.SessionsByUse = Tables.SessionsByUse.Set(listing.Key.LastUseRevision, key, _mark);
            Tables.SessionsByExpiry = Tables.SessionsByExpiry.Set(listing.Key, key, _mark);
            session.Listing = listing;
            session.IsInUse = false;
        }

        _usedSessions.Clear();
    }

    private void Unlist(Session session)
    {
        if (session.Listing is not { } listing) return;
        Subtract(listing.Hash);
        Tables.SessionsByUse = Tables.SessionsByUse.Remove(listing.Key.LastUseRevision, _mark);
        Tables.SessionsByExpiry = Tables.SessionsByExpiry.Remove(listing.Key, _mark);
    }
}
