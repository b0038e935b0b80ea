namespace Membership.Sessions;

/// <summary>
/// A session belongs to an actor without its version or token id, so all admin tokens are one actor and a node keeps its sessions
/// through a rotation, and to a client.
/// </summary>
internal readonly record struct SessionKey(ActorKind Kind, uint Id, PublicKey PublicKey, ulong Client) : IComparable<SessionKey>
{
    public static SessionKey Of(Actor actor, ulong client) => new(
        actor.Kind,
        actor.Kind is ActorKind.Node or ActorKind.NetworkAdmin ? actor.Id : 0,
        actor.PublicKey,
        client);

    /// <summary>The first key of what is counted together: all of the kind, or all of the kind with this id.</summary>
    public static SessionKey First(ActorKind kind, uint id = 0) => new(kind, id, default, 0);

    public int CompareTo(SessionKey other)
    {
        if (Kind != other.Kind) return Kind.CompareTo(other.Kind);
        if (Id != other.Id) return Id.CompareTo(other.Id);
        var byKey = Kind == ActorKind.Key ? PublicKey.CompareTo(other.PublicKey) : 0;
        return byKey != 0 ? byKey : Client.CompareTo(other.Client);
    }
}

/// <summary>Sessions by the time at which they go, then by the revision of their last use, which is unique.</summary>
internal readonly record struct ExpiryKey(long ExpiresAfter, ulong LastUseRevision) : IComparable<ExpiryKey>
{
    public int CompareTo(ExpiryKey other) => ExpiresAfter != other.ExpiresAfter
        ? ExpiresAfter.CompareTo(other.ExpiresAfter)
        : LastUseRevision.CompareTo(other.LastUseRevision);
}
