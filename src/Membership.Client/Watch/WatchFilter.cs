namespace Membership.Client;

/// <summary>Which events to watch.</summary>
public sealed record WatchFilter
{
    /// <summary>Those of one network; null for all.</summary>
    public NetworkId? Network { get; init; }

    /// <summary>Those that name a node; null for all.</summary>
    public NodeId? Node { get; init; }

    /// <summary>Those of these actions, such as <c>network.joined</c>; empty for all.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>At most so many on a page, 1 to 1000; default 1000.</summary>
    public int Max { get; init; } = 1000;

    /// <summary>How long a replica waits for the first before it answers an empty page, up to 30 s; default 30 s.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(30);

    internal WireCommand ToCommand(ulong fromRevision) => new("watch", fields => fields
        .Write("from_revision", fromRevision)
        .Write("network_id", Network)
        .Write("node_id", Node)
        .Write("actions", Actions.Count > 0 ? Actions : null)
        .Write("max", (ulong)Max)
        .Write("wait_ms", (ulong)Wait.TotalMilliseconds));
}
