namespace Membership.Benchmarks.Core;

/// <summary>A world of a million memberships: 20 000 nodes, each in all of 50 networks.</summary>
internal sealed class Memberships
{
    public const int NodeCount = 20_000;
    public const int NetworkCount = 50;

    private readonly Random _random = new(1);

    /// <summary>A world with nodes and networks, and no member yet but the owners.</summary>
    public Memberships()
    {
        var first = World.Register(NodeCount).Value;
        Nodes = [.. Enumerable.Range(0, NodeCount).Select(i => new NodeId(first + (uint)i))];
        Networks = [.. Enumerable.Range(0, NetworkCount).Select(i => World.Create(Nodes[i], $"n{i}"))];
    }

    public World World { get; } = new();

    public IReadOnlyList<NodeId> Nodes { get; }

    public IReadOnlyList<NetworkId> Networks { get; }

    /// <summary>Memberships that joining makes.</summary>
    public static long JoinCount => NetworkCount * (NodeCount - 1L);

    /// <summary>A full world.</summary>
    public static Memberships Make()
    {
        var memberships = new Memberships();
        memberships.JoinAll();
        return memberships;
    }

    /// <summary>Makes every node a member of every network.</summary>
    /// <returns>How long applying took.</returns>
    public TimeSpan JoinAll() => World.Apply(
        from network in Networks.Index()
        from node in Nodes.Index()
        where node.Index != network.Index
        select (Mutation)new JoinNetwork(node.Item, network.Item));

    /// <summary>Takes memberships at random, each once, none of them an owner's: all leave, then all join again.</summary>
    public (List<Mutation> Leaves, List<Mutation> Joins) LeaveAndJoin(int count)
    {
        var pairs = Enumerable.Range(0, count)
            .Select(_ => (Node: Nodes[_random.Next(NetworkCount, NodeCount)], Network: Networks[_random.Next(NetworkCount)]))
            .Distinct()
            .ToList();
        return (
            pairs.ConvertAll(pair => (Mutation)new LeaveNetwork(pair.Node, pair.Network)),
            pairs.ConvertAll(pair => (Mutation)new JoinNetwork(pair.Node, pair.Network)));
    }
}
