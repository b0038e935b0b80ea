namespace Membership.Client;

/// <summary>At which revisions something happened to the parts of the present state, from the first reading on.</summary>
internal sealed class EventTimes
{
    private readonly ulong _begin;
    private readonly SortedDictionary<NetworkId, List<ulong>> _ofNetworks = [];
    private readonly Dictionary<NodeId, List<ulong>> _ofNodes = [];
    private readonly List<ulong> _ofInbox = [];

    /// <summary>Knows nothing yet.</summary>
    /// <param name="begin">The revision of the first reading.</param>
    public EventTimes(ulong begin) => _begin = Known = begin;

    /// <summary>Up to which revision all events are known.</summary>
    public ulong Known { get; set; }

    /// <summary>Networks to which something happened that may put them among the parts.</summary>
    public SortedSet<NetworkId> Networks { get; } = [];

    /// <summary>Takes the next event.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="of">The node whose networks are the parts; null for all networks.</param>
    public void Add(WatchedEvent happened, NodeId? of)
    {
        if (happened.Network is { } network)
        {
            Times(_ofNetworks, network).Add(happened.Revision);
            if (of is not { } node || Names(happened, node)) Networks.Add(network);
        }
        else if (happened.Attributes.GetValueOrDefault("node_id") is ulong id)
        {
            // A node's own flags are shown with its memberships.
            Times(_ofNodes, new((uint)id)).Add(happened.Revision);
        }

        if (of is { } owner && Names(happened, owner) && happened.Action.StartsWith("invite.", StringComparison.Ordinal)) _ofInbox.Add(happened.Revision);
    }

    /// <summary>The part is as it was read from this revision on; the first reading of all is the earliest that can be said.</summary>
    public ulong UnchangedSince(PresentPart part) => TimesOf(part).Where(time => time <= part.Oldest).Append(_begin).Max();

    /// <summary>The part is as it was read until before this revision.</summary>
    public ulong NextChange(PresentPart part) => TimesOf(part).Where(time => time > part.Oldest).Append(Known + 1).Min();

    /// <summary>Whether the part was changed while it was read, or by this revision.</summary>
    public bool ChangedBy(PresentPart part, ulong revision) => NextChange(part) <= Math.Max(revision, Math.Min(part.Newest, Known));

    private IEnumerable<ulong> TimesOf(PresentPart part)
    {
        if (part.Network is not { } network) return _ofInbox;
        var ofNodes = _ofNodes.Where(node => part.ShowsNode(node.Key)).SelectMany(node => node.Value);
        return _ofNetworks.TryGetValue(network, out var times) ? times.Concat(ofNodes) : ofNodes;
    }

    private static List<ulong> Times<TKey>(IDictionary<TKey, List<ulong>> of, TKey key)
    {
        if (!of.TryGetValue(key, out var times)) of.Add(key, times = []);
        return times;
    }

    private static bool Names(WatchedEvent happened, NodeId node) =>
        happened.Attributes.Values.Any(value => value is ulong number && number == node.Value);
}
