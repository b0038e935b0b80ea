namespace Membership.Client;

/// <summary>What a watcher hears: a <see cref="WatchedEvent"/>, or a <see cref="PresentState"/> where events are gone.</summary>
public abstract record WatchItem
{
    private protected WatchItem()
    {
    }

    /// <summary>From where to go on after a break, at any replica: everything below it has been delivered.</summary>
    /// <remarks>
    /// Several events may share a revision: before the last of them this is still their own revision, and going on repeats them.
    /// </remarks>
    public ulong NextRevision { get; internal init; }
}

/// <summary>Something that happened.</summary>
/// <param name="Revision">The revision that yielded it; several events may share one.</param>
/// <param name="Time">Cluster time.</param>
/// <param name="Actor">Who asked, such as <c>node:5</c>.</param>
/// <param name="ActorRole">As what.</param>
/// <param name="RequestId">The request; null for the sweep of expired invites.</param>
/// <param name="Action">Such as <c>network.joined</c>.</param>
/// <param name="Attributes">Name to value: <see cref="ulong"/>, <see cref="bool"/>, <see cref="string"/> or a list of these.</param>
public sealed record WatchedEvent(
    ulong Revision,
    DateTimeOffset Time,
    string Actor,
    string ActorRole,
    RequestId? RequestId,
    string Action,
    IReadOnlyDictionary<string, object> Attributes) : WatchItem
{
    /// <summary>The network that it is about; null for an event of a node alone.</summary>
    public NetworkId? Network => Attributes.GetValueOrDefault("network_id") is ulong id ? new NetworkId((ushort)id) : null;
}
